import { migrations } from '../migrations/index.ts';
import { newestBackups } from './backups.ts';
import { DamagedCopy } from './salvage.ts';

/** Where the rows of a new database come from. */
export interface SalvageSource {
  readonly copy: DamagedCopy;
  /** Path of the backup that is read in the place of the damaged database; null when that one can be read. */
  readonly backup: string | null;
}

/**
 * The damaged database where its tables can still be found; else the newest backup where they can, unless a newer Muster wrote it. `reading` is
 * where it is copied to. Throws what the file system throws.
 */
export function chooseSource(file: string, reading: string): SalvageSource {
  const copy = DamagedCopy.take(file, reading);
  if (copy.hasTables) return { copy, backup: null };
  copy.close();
  const newest = migrations.at(-1)?.number ?? 0;
  for (const backup of newestBackups(file)) {
    const kept = DamagedCopy.take(backup, reading);
    if (kept.hasTables && kept.schema !== null && kept.schema <= newest) return { copy: kept, backup };
    kept.close();
  }
  return { copy: DamagedCopy.take(file, reading), backup: null };
}
