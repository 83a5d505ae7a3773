import { ok, type Result } from '@muster/protocol/errors';
import { readArchive, type ArchiveDamage, type ArchivePart } from '../retention/index.ts';
import { openDatabase } from '../storage/worker/open-database.ts';
import { createRunImport } from '../storage/worker/run-import.ts';
import { storageFault } from '../storage/worker/storage-fault.ts';
import { archiveLines } from './archive-lines.ts';

/** What became of archives. */
export interface ImportedRuns {
  /** Ids of runs that are in the database now. */
  readonly imported: readonly string[];
  /** Of those that were there already, and stay as they are. */
  readonly present: readonly string[];
  /** Of those of which lines are damaged, and that were left out. */
  readonly refused: readonly string[];
  readonly damage: readonly (ArchiveDamage & { readonly file: string })[];
  /** Whether a person interrupted it; what was imported by then is there. */
  readonly interrupted: boolean;
}

export interface ImportOptions {
  readonly nowMs: number;
  /** Take what can be read of a run of which lines are damaged. */
  readonly skipDamaged: boolean;
  readonly signal: AbortSignal;
}

/**
 * Reads archives that retention wrote back into the database, beside consoles that work on it. Each run comes back whole or not at all, unless damaged lines
 * are to be skipped; the files are left as they are. Errors: `storage.*`.
 */
export async function importRuns(
  database: string,
  files: readonly string[],
  { nowMs, skipDamaged, signal }: ImportOptions,
): Promise<Result<ImportedRuns>> {
  const opened = openDatabase(database, nowMs);
  if (!opened.ok) return opened;
  const { db, close } = opened.value;
  const lists = { imported: [] as string[], present: [] as string[], refused: [] as string[] };
  const damage: ImportedRuns['damage'][number][] = [];

  /** Which list the run belongs to now. */
  function take({ run, damage: found }: ArchivePart, importRun: ReturnType<typeof createRunImport>['importRun']): void {
    if (run === null) return;
    const { runId } = run.summary;
    if (found.length > 0 && !skipDamaged) lists.refused.push(runId);
    else if (importRun(run)) lists.imported.push(runId);
    else lists.present.push(runId);
  }

  try {
    const { importRun } = createRunImport(db);
    for (const file of files) {
      for await (const part of readArchive(archiveLines(file))) {
        if (signal.aborted) return ok({ ...lists, damage, interrupted: true });
        for (const one of part.damage) damage.push({ file, ...one });
        take(part, importRun);
      }
    }
    return ok({ ...lists, damage, interrupted: false });
  } catch (thrown) {
    return { ok: false, error: storageFault(thrown, database) };
  } finally {
    close();
  }
}
