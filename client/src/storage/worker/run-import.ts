import type { Database } from 'better-sqlite3';
import type { ResultDetail } from '@muster/protocol/bridge';
import type { ArchivedRun } from '../../retention/archived-run.ts';
import { createEvidenceWrites } from './evidence-writes.ts';
import { createRunWrites } from './run-writes.ts';

/** No console looks after a run that has ended long ago. */
const nobody = '';

const isAnswer = ({ outcome }: ResultDetail): boolean => outcome !== null;

/** Runs come back out of the archive. */
export function createRunImport(db: Database) {
  const writes = createRunWrites(db);
  const evidence = createEvidenceWrites(db);
  const isThere = db.prepare<[string], number>('SELECT 1 FROM runs WHERE run_id = ?').pluck();
  const addNote = db.prepare('INSERT INTO run_notes (run_id, person, text, at_ms) VALUES (?, ?, ?, ?)');
  const take = db.transaction(({ summary, described, nodes, notes, signed }: ArchivedRun): boolean => {
    if (isThere.get(summary.runId) !== undefined) return false;
    writes.insertRun({ ...summary, isConducted: false }, nobody, described ?? undefined);
    const recorded = writes.recordRun(
      {
        summary,
        expected: nodes.filter(({ arrival }) => arrival !== 'unexpected').map(({ identity }) => identity),
        states: nodes.filter((node) => !isAnswer(node)),
        answers: nodes.filter(isAnswer).map((node) => ({ ...node, data: JSON.stringify(node.data) })),
      },
      nobody,
    );
    // The run has just been written here, for nobody.
    if (!recorded.ok) throw new Error(recorded.error.message);
    for (const { person, text, atMs } of notes) addNote.run(summary.runId, person, text, atMs);
    for (const message of signed) evidence.keepDetached(summary.runId, message);
    return true;
  });
  return {
    /** Stores a run as it was; false when it is here already, and then nothing is changed. */
    importRun: (run: ArchivedRun): boolean => take.immediate(run),
  };
}
