import { chmodSync, rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import { publishFile } from './files.ts';

/**
 * Writes the database as it is at this moment into one new file, while others go on using it; it appears under its name when it is complete
 * and on the disk. Throws what SQLite or the file system throws; nothing is left behind then.
 */
export function writeSnapshot(databaseFile: string, target: string): void {
  const unfinished = `${target}.unfinished`;
  rmSync(unfinished, { force: true });
  const db = new Database(databaseFile, { readonly: true, fileMustExist: true });
  try {
    db.prepare('VACUUM INTO ?').run(unfinished);
    chmodSync(unfinished, 0o600);
    publishFile(unfinished, target);
  } finally {
    db.close();
    rmSync(unfinished, { force: true });
  }
}
