import type { Database } from 'better-sqlite3';
import type { EndpointResult, RunMarks, RunNote } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { createEvidenceWrites } from './evidence-writes.ts';

interface MarkedRow {
  finished_at_ms: number | null;
  pinned_at_ms: number | null;
  pinned_by: string | null;
}

interface NoteRow {
  note_id: number;
  person: string;
  text: string;
  at_ms: number;
}

const rowToNote = (row: NoteRow): RunNote => ({
  noteId: row.note_id,
  person: row.person,
  text: row.text,
  atMs: row.at_ms,
});

/** What people put on runs: notes, pins, and that they do not want one any more. */
export function createRunMarks(db: Database) {
  const find = db.prepare<[string], MarkedRow>(
    'SELECT finished_at_ms, pinned_at_ms, pinned_by FROM runs WHERE run_id = ? AND removed_at_ms IS NULL',
  );
  const notesOf = db.prepare<[string], NoteRow>(
    'SELECT note_id, person, text, at_ms FROM run_notes WHERE run_id = ? ORDER BY at_ms, note_id',
  );
  const addNote = db.prepare('INSERT INTO run_notes (run_id, person, text, at_ms) VALUES (?, ?, ?, ?)');
  const removeNote = db.prepare('DELETE FROM run_notes WHERE run_id = ? AND note_id = ?');
  // Who pinned it first keeps the pin.
  const pin = db.prepare(
    'UPDATE runs SET pinned_at_ms = ?, pinned_by = ? WHERE run_id = ? AND pinned_at_ms IS NULL AND removed_at_ms IS NULL',
  );
  const unpin = db.prepare('UPDATE runs SET pinned_at_ms = NULL, pinned_by = NULL WHERE run_id = ?');
  const setRemoved = db.prepare('UPDATE runs SET removed_at_ms = ? WHERE run_id = ?');
  const takeBack = db.prepare('UPDATE runs SET removed_at_ms = NULL WHERE run_id = ? AND removed_at_ms IS NOT NULL');
  const removedFirst = db
    .prepare<[number, number], string>(
      `SELECT run_id FROM runs WHERE removed_at_ms < ? AND (answers_until_ms IS NULL OR answers_until_ms <= ?)
       ORDER BY removed_at_ms LIMIT 1`,
    )
    .pluck();
  const remove = db.prepare('DELETE FROM runs WHERE run_id = ?');
  const evidence = createEvidenceWrites(db);

  const unknown = (runId: string) => fail('run.unknown', `There is no run ${runId}`);

  function marks(runId: string): Result<RunMarks> {
    const row = find.get(runId);
    if (row === undefined) return unknown(runId);
    const { pinned_at_ms: atMs, pinned_by: person } = row;
    return ok({
      pin: atMs === null ? null : { person: person ?? '', atMs },
      notes: notesOf.all(runId).map(rowToNote),
    });
  }

  const annotate = db.transaction((runId: string, person: string, text: string, nowMs: number): Result<RunMarks> => {
    if (find.get(runId) === undefined) return unknown(runId);
    addNote.run(runId, person, text, nowMs);
    return marks(runId);
  });

  const pinAll = db.transaction((runIds: readonly string[], person: string | null, nowMs: number): Result<void> => {
    const missing = runIds.find((runId) => find.get(runId) === undefined);
    if (missing !== undefined) return unknown(missing);
    for (const runId of runIds)
      if (person === null) unpin.run(runId);
      else pin.run(nowMs, person, runId);
    return ok(undefined);
  });

  /** Why a run has to stay; null when it need not. */
  function reasonToStay(runId: string): EndpointResult<'runs.remove'>['kept'][number]['code'] | null {
    const row = find.get(runId);
    if (row === undefined) return 'run.unknown';
    if (row.pinned_at_ms !== null) return 'run.pinned';
    return row.finished_at_ms === null ? 'run.not_ended' : null;
  }

  const removeAll = db.transaction((runIds: readonly string[], nowMs: number): EndpointResult<'runs.remove'> => {
    const removed: string[] = [];
    const kept: EndpointResult<'runs.remove'>['kept'] = [];
    for (const runId of runIds) {
      const code = reasonToStay(runId);
      if (code === null) {
        setRemoved.run(nowMs, runId);
        removed.push(runId);
      } else kept.push({ runId, code });
    }
    return { removed, kept };
  });

  const restoreAll = db.transaction((runIds: readonly string[]): string[] =>
    runIds.filter((runId) => takeBack.run(runId).changes > 0),
  );

  const purge = db.transaction((beforeMs: number, nowMs: number): boolean => {
    const runId = removedFirst.get(beforeMs, nowMs);
    if (runId === undefined) return false;
    evidence.removeSigned(runId);
    remove.run(runId);
    return true;
  });

  return {
    runMarks: marks,
    annotateRun: (runId: string, person: string, text: string, nowMs: number): Result<RunMarks> =>
      annotate.immediate(runId, person, text, nowMs),
    removeRunNote(runId: string, noteId: number): Result<RunMarks> {
      removeNote.run(runId, noteId);
      return marks(runId);
    },
    /** `person` null takes the pins away. */
    pinRuns: (runIds: readonly string[], person: string | null, nowMs: number): Result<void> =>
      pinAll.immediate(runIds, person, nowMs),
    removeRuns: (runIds: readonly string[], nowMs: number): Result<EndpointResult<'runs.remove'>> =>
      ok(removeAll.immediate(runIds, nowMs)),
    restoreRuns: (runIds: readonly string[]): Result<string[]> => ok(restoreAll.immediate(runIds)),
    /** Deletes the run for good that was removed first, and before a time, and that gets no answer any more; whether there was one. */
    deleteRemovedRun: (beforeMs: number, nowMs: number): Result<boolean> => ok(purge.immediate(beforeMs, nowMs)),
  };
}
