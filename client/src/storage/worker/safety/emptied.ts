import { existsSync, statSync } from 'node:fs';
import { backupsOf } from './backups.ts';
import { hasReserve } from './reserve.ts';

/** What is wrong with such a file, in the words of a report. */
export const emptiedDamage = 'the file is empty, though it was not before';

const bytesOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

/**
 * Whether a database has lost all its bytes. SQLite takes such a file for a new one and throws its log away, so it is not to be opened.
 *
 * A file that another process has just made is none: what shows that there was a database comes after the first page, and is looked for first.
 */
export function isEmptied(file: string): boolean {
  const was = hasReserve(file) || bytesOf(`${file}-wal`) > 0 || backupsOf(file).length > 0;
  return was && existsSync(file) && bytesOf(file) === 0;
}
