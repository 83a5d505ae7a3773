import { existsSync, mkdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { backupFolder } from '../storage/worker/safety/backups.ts';
import { emptiedDamage, isEmptied } from '../storage/worker/safety/emptied.ts';
import { stampOf } from '../storage/worker/safety/files.ts';
import { writeSnapshot } from '../storage/worker/safety/snapshot.ts';
import { bytesOf, guarded } from './guarded.ts';

/** Where a backup goes that nobody gave a name. */
export const usualBackup = (file: string, nowMs: number): string =>
  join(backupFolder(file), `${basename(file, '.db')}-${stampOf(nowMs)}.db`);

/**
 * Copies the database as it is at this moment, beside consoles that work on it; gives the size of the copy in bytes. It appears when it is complete.
 *
 * Errors: `file.unwritable` when the target exists and is not to be replaced, or is the database itself; `storage.*`, `storage.corrupt` also when it is empty and was not.
 */
export function backUpDatabase(file: string, target: string, options: { readonly replace: boolean }): Result<number> {
  const own = ['', '-wal', '-shm', '.lock'].map((end) => resolve(`${file}${end}`));
  if (own.includes(resolve(target))) return fail('file.unwritable', `${target} is the database itself`);
  if (!options.replace && existsSync(target)) {
    return fail('file.unwritable', `${target} is there already`, { mend: 'Say --force to write over it.' });
  }
  return guarded(file, () => {
    if (isEmptied(file)) return fail('storage.corrupt', `${file}: ${emptiedDamage}`);
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    writeSnapshot(file, target);
    return ok(bytesOf(target));
  });
}
