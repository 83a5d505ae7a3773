import { statSync } from 'node:fs';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { deleteRemoved, type DeleteRemoved } from '../history/index.ts';
import { keepHistory, type ArchiveOldest, type HistorySettings } from '../retention/index.ts';
import { openDatabase } from '../storage/worker/open-database.ts';
import { createRetention } from '../storage/worker/retention.ts';
import { createRunMarks } from '../storage/worker/run-marks.ts';
import { storageFault } from '../storage/worker/storage-fault.ts';
import { bytesOf } from './guarded.ts';

export interface Compacted {
  /** Of the database with its log. */
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  /** How many runs went to the archive. */
  readonly archivedRuns: number;
}

/**
 * Moves old runs into the archive, then writes the database anew without gaps. Consoles that work on it wait meanwhile, and need as much room
 * again on the disk. Errors: `storage.*`, also when another process does not let go of the file for ten seconds.
 */
export async function compactDatabase(
  file: string,
  history: Pick<HistorySettings, 'keepMs' | 'archive'>,
  nowMs: number,
  signal: AbortSignal,
): Promise<Result<Compacted>> {
  if (statSync(file, { throwIfNoEntry: false }) === undefined) {
    return fail('storage.failed', `There is no database ${file} yet`);
  }
  const size = () => bytesOf(file) + bytesOf(`${file}-wal`);
  const bytesBefore = size();
  const opened = openDatabase(file, nowMs);
  if (!opened.ok) return opened;
  const { db, close } = opened.value;
  try {
    const retention = createRetention(db);
    // So that an interruption is heard between two runs.
    const archiveOldest: ArchiveOldest = async (folder, beforeMs, atMs) => {
      await new Promise((resolve) => setImmediate(resolve));
      return retention.archiveOldestRun(folder, beforeMs, atMs);
    };
    const archived = await keepHistory(history, nowMs, archiveOldest, signal);
    if (!archived.ok) return archived;
    const marks = createRunMarks(db);
    const deleteOne: DeleteRemoved = async (beforeMs, atMs) => {
      await new Promise((resolve) => setImmediate(resolve));
      return marks.deleteRemovedRun(beforeMs, atMs);
    };
    const deleted = await deleteRemoved(nowMs, deleteOne, signal);
    if (!deleted.ok) return deleted;
    if (signal.aborted) return fail('run.interrupted', `Interrupted; ${archived.value} runs are in the archive`);
    db.exec('VACUUM');
    db.pragma('wal_checkpoint(TRUNCATE)');
    return ok({ bytesBefore, bytesAfter: size(), archivedRuns: archived.value });
  } catch (thrown) {
    return { ok: false, error: storageFault(thrown, file) };
  } finally {
    close();
  }
}
