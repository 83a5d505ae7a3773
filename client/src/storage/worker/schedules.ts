import type { Database } from 'better-sqlite3';
import type { EndpointParams, EndpointResult, Occurrence, Schedule, ScheduleDraft } from '@muster/protocol/bridge';
import { fail, ok, type Fault, type Result } from '@muster/protocol/errors';
import type { OccurrenceEnd, StoredSchedule, TakenOccurrence } from '../stores/schedules.ts';
import { jsonColumn } from './json-column.ts';

/** How many occurrences of one schedule stay. */
const occurrencesKept = 500;

interface ScheduleRow {
  schedule_id: string;
  name: string;
  person: string;
  timing: string;
  expires_at_ms: number | null;
  missed: string;
  // Only what the contract knows is written; so it is with the outcomes below.
  overlap: ScheduleDraft['overlap'];
  ordered: string;
  created_at_ms: number;
  is_paused: number;
  next_at_ms: number | null;
}

interface OccurrenceRow {
  occurrence_id: number;
  due_at_ms: number;
  at_ms: number;
  outcome: Occurrence['outcome'];
  is_manual: number;
  times: number;
  run_id: string | null;
  fault: string | null;
}

const timing = jsonColumn<ScheduleDraft['timing']>();
const missed = jsonColumn<ScheduleDraft['missed']>();
const ordered = jsonColumn<ScheduleDraft['order']>();
const fault = jsonColumn<NonNullable<Occurrence['fault']>>();

const rowToOccurrence = (row: OccurrenceRow): Occurrence => ({
  dueAtMs: row.due_at_ms,
  atMs: row.at_ms,
  outcome: row.outcome,
  isManual: row.is_manual === 1,
  times: row.times,
  runId: row.run_id,
  fault: row.fault === null ? null : fault.read(row.fault),
});

const draftColumns = (draft: ScheduleDraft) => ({
  name: draft.name,
  timing: timing.write(draft.timing),
  expires: draft.expiresAtMs,
  missed: missed.write(draft.missed),
  overlap: draft.overlap,
  ordered: ordered.write(draft.order),
});

const unknown = (scheduleId: string) => fail('schedule.unknown', `There is no schedule ${scheduleId}`);

/** Schedules and what became of their times. */
export function createSchedules(db: Database) {
  const all = db.prepare<[], ScheduleRow>('SELECT * FROM schedules ORDER BY next_at_ms IS NULL, next_at_ms, name');
  const one = db.prepare<[string], ScheduleRow>('SELECT * FROM schedules WHERE schedule_id = ?');
  const lastOf = db.prepare<[string], OccurrenceRow>(
    'SELECT * FROM schedule_occurrences WHERE schedule_id = ? ORDER BY occurrence_id DESC LIMIT 1',
  );
  const insert = db.prepare(`
    INSERT INTO schedules (schedule_id, name, person, timing, expires_at_ms, missed, overlap, ordered, created_at_ms, next_at_ms)
    VALUES (@scheduleId, @name, @person, @timing, @expires, @missed, @overlap, @ordered, @createdAtMs, @nextAtMs)`);
  const update = db.prepare(`
    UPDATE schedules SET name = @name, timing = @timing, expires_at_ms = @expires, missed = @missed, overlap = @overlap,
      ordered = @ordered, next_at_ms = @nextAtMs WHERE schedule_id = @scheduleId`);
  const remove = db.prepare('DELETE FROM schedules WHERE schedule_id = ?');
  const setPaused = db.prepare('UPDATE schedules SET is_paused = ?, next_at_ms = ? WHERE schedule_id = ?');
  const moveOn = db.prepare(
    'UPDATE schedules SET next_at_ms = @nextAtMs WHERE schedule_id = @scheduleId AND next_at_ms = @expectedMs AND is_paused = 0',
  );
  const insertOccurrence = db.prepare(`
    INSERT INTO schedule_occurrences (schedule_id, due_at_ms, at_ms, outcome, is_manual, times, console_id)
    VALUES (@scheduleId, @dueAtMs, @atMs, @outcome, @isManual, @times, @consoleId)`);
  const trim = db.prepare(`
    DELETE FROM schedule_occurrences WHERE schedule_id = ? AND occurrence_id NOT IN (
      SELECT occurrence_id FROM schedule_occurrences WHERE schedule_id = ? ORDER BY occurrence_id DESC LIMIT ${occurrencesKept})`);
  const settle = db.prepare(
    'UPDATE schedule_occurrences SET outcome = ?, run_id = ?, fault = ?, console_id = NULL WHERE occurrence_id = ?',
  );
  const settleLost = db.prepare(`
    UPDATE schedule_occurrences SET outcome = 'refused', fault = ?, console_id = NULL
    WHERE outcome = 'starting' AND console_id NOT IN (SELECT console_id FROM consoles)`);
  const countOf = db
    .prepare<[string], number>('SELECT count(*) FROM schedule_occurrences WHERE schedule_id = ?')
    .pluck();
  const sliceOf = db.prepare<[string, number, number], OccurrenceRow>(
    'SELECT * FROM schedule_occurrences WHERE schedule_id = ? ORDER BY occurrence_id DESC LIMIT ? OFFSET ?',
  );
  const readRevision = db.prepare<[], number>('SELECT revision FROM schedule_book').pluck();
  const grow = db.prepare('UPDATE schedule_book SET revision = revision + 1');

  function rowToSchedule(row: ScheduleRow): StoredSchedule {
    const last = lastOf.get(row.schedule_id);
    return {
      scheduleId: row.schedule_id,
      name: row.name,
      person: row.person,
      timing: timing.read(row.timing),
      expiresAtMs: row.expires_at_ms,
      missed: missed.read(row.missed),
      overlap: row.overlap,
      order: ordered.read(row.ordered),
      createdAtMs: row.created_at_ms,
      isPaused: row.is_paused === 1,
      nextAtMs: row.next_at_ms,
      last: last === undefined ? null : rowToOccurrence(last),
    };
  }

  function getSchedule(scheduleId: string): Result<StoredSchedule> {
    const row = one.get(scheduleId);
    return row === undefined ? unknown(scheduleId) : ok(rowToSchedule(row));
  }

  /** Writes in one transaction, which every window hears of. */
  const write = <T>(change: () => Result<T>): Result<T> =>
    db
      .transaction((): Result<T> => {
        const changed = change();
        if (changed.ok) grow.run();
        return changed;
      })
      .immediate();

  /** Gives the number of the last. */
  function addOccurrences(scheduleId: string, occurrences: readonly TakenOccurrence[], consoleId: string): number {
    let occurrenceId = 0;
    for (const { dueAtMs, atMs, outcome, isManual, times } of occurrences) {
      const owner = outcome === 'starting' ? consoleId : null;
      const row = { scheduleId, dueAtMs, atMs, outcome, isManual: isManual ? 1 : 0, times, consoleId: owner };
      occurrenceId = Number(insertOccurrence.run(row).lastInsertRowid);
    }
    trim.run(scheduleId, scheduleId);
    return occurrenceId;
  }

  return {
    listSchedules: (): Result<StoredSchedule[]> => ok(all.all().map(rowToSchedule)),
    getSchedule,
    insertSchedule: (schedule: Omit<StoredSchedule, 'last' | 'isPaused'>): Result<void> =>
      write(() => {
        const { scheduleId, person, createdAtMs, nextAtMs } = schedule;
        insert.run({ ...draftColumns(schedule), scheduleId, person, createdAtMs, nextAtMs });
        return ok(undefined);
      }),
    updateSchedule: (scheduleId: string, draft: ScheduleDraft, nextAtMs: Schedule['nextAtMs']): Result<void> =>
      write(() =>
        update.run({ ...draftColumns(draft), scheduleId, nextAtMs }).changes === 0
          ? unknown(scheduleId)
          : ok(undefined),
      ),
    removeSchedule: (scheduleId: string): Result<void> =>
      write(() => (remove.run(scheduleId).changes === 0 ? unknown(scheduleId) : ok(undefined))),
    pauseSchedule: (scheduleId: string, isPaused: boolean, nextAtMs: Schedule['nextAtMs']): Result<void> =>
      write(() =>
        setPaused.run(isPaused ? 1 : 0, nextAtMs, scheduleId).changes === 0 ? unknown(scheduleId) : ok(undefined),
      ),
    takeOccurrences(
      scheduleId: string,
      times: { readonly expectedMs: number; readonly nextAtMs: number | null },
      occurrences: readonly TakenOccurrence[],
      consoleId: string,
    ): Result<number | null> {
      return db
        .transaction((): Result<number | null> => {
          if (moveOn.run({ scheduleId, ...times }).changes === 0) return ok(null);
          grow.run();
          return ok(addOccurrences(scheduleId, occurrences, consoleId));
        })
        .immediate();
    },
    noteOccurrence: (scheduleId: string, occurrence: TakenOccurrence, consoleId: string): Result<number> =>
      write(() =>
        one.get(scheduleId) === undefined
          ? unknown(scheduleId)
          : ok(addOccurrences(scheduleId, [occurrence], consoleId)),
      ),
    settleOccurrence: (occurrenceId: number, end: OccurrenceEnd): Result<void> =>
      write(() => {
        settle.run(end.outcome, end.runId, end.fault === null ? null : fault.write(end.fault), occurrenceId);
        return ok(undefined);
      }),
    settleLostOccurrences(end: Fault): Result<number> {
      const { changes } = settleLost.run(fault.write(end));
      if (changes > 0) grow.run();
      return ok(changes);
    },
    listOccurrences({
      scheduleId,
      offset,
      limit,
    }: EndpointParams<'schedules.occurrences'>): Result<EndpointResult<'schedules.occurrences'>> {
      if (one.get(scheduleId) === undefined) return unknown(scheduleId);
      const occurrences = sliceOf.all(scheduleId, limit, offset).map(rowToOccurrence);
      return ok({ total: countOf.get(scheduleId) ?? 0, occurrences });
    },
    scheduleRevision: (): Result<number> => ok(readRevision.get() ?? 0),
  };
}
