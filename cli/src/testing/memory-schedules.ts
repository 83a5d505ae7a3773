import type { ScheduleStore, StoredSchedule } from '@muster/client/storage';
import type { Occurrence } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';

const soon = <T>(result: Result<T>) => Promise.resolve(result);

interface Kept {
  readonly scheduleId: string;
  readonly occurrence: Occurrence;
}

/** Schedules in memory, of a console that serves none. */
export function memorySchedules(): ScheduleStore {
  const schedules = new Map<string, StoredSchedule>();
  const occurrences: Kept[] = [];
  const unserved = () => Promise.reject(new Error('No schedule is served here'));
  const find = (scheduleId: string): Result<StoredSchedule> => {
    const schedule = schedules.get(scheduleId);
    const last = occurrences.findLast((kept) => kept.scheduleId === scheduleId)?.occurrence ?? null;
    return schedule === undefined
      ? fail('schedule.unknown', `There is no schedule ${scheduleId}`)
      : ok({ ...schedule, last });
  };
  const change = (scheduleId: string, changed: Partial<StoredSchedule>): Result<void> => {
    const found = find(scheduleId);
    if (!found.ok) return found;
    schedules.set(scheduleId, { ...found.value, ...changed });
    return ok(undefined);
  };
  return {
    listSchedules: () =>
      soon(ok([...schedules.keys()].flatMap((id) => find(id)).flatMap((it) => (it.ok ? it.value : [])))),
    getSchedule: (scheduleId) => soon(find(scheduleId)),
    insertSchedule(schedule) {
      schedules.set(schedule.scheduleId, { ...schedule, isPaused: false, last: null });
      return soon(ok(undefined));
    },
    updateSchedule: (scheduleId, draft, nextAtMs) => soon(change(scheduleId, { ...draft, nextAtMs })),
    removeSchedule(scheduleId) {
      const found = find(scheduleId);
      schedules.delete(scheduleId);
      return soon(found.ok ? ok(undefined) : found);
    },
    pauseSchedule: (scheduleId, isPaused, nextAtMs) => soon(change(scheduleId, { isPaused, nextAtMs })),
    takeOccurrences: unserved,
    settleLostOccurrences: unserved,
    noteOccurrence(scheduleId, occurrence) {
      occurrences.push({ scheduleId, occurrence: { ...occurrence, runId: null, fault: null } });
      return soon(ok(occurrences.length - 1));
    },
    settleOccurrence(occurrenceId, end) {
      const kept = occurrences[occurrenceId];
      if (kept !== undefined) occurrences[occurrenceId] = { ...kept, occurrence: { ...kept.occurrence, ...end } };
      return soon(ok(undefined));
    },
    listOccurrences({ scheduleId, offset, limit }) {
      const of = occurrences.filter((kept) => kept.scheduleId === scheduleId).map(({ occurrence }) => occurrence);
      return soon(ok({ total: of.length, occurrences: of.reverse().slice(offset, offset + limit) }));
    },
    scheduleRevision: () => soon(ok(schedules.size + occurrences.length)),
  };
}
