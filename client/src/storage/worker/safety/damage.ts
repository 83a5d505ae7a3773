import { existsSync, rmSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { syncToDisk } from './files.ts';

const markOf = (databaseFile: string): string => `${databaseFile}.suspect`;

/** Whether SQLite says that what it read is no database or a broken one. */
export const isDamage = (thrown: unknown): boolean =>
  thrown instanceof Database.SqliteError &&
  (thrown.code.startsWith('SQLITE_CORRUPT') || thrown.code === 'SQLITE_NOTADB');

/** Leaves word that damage was met, so that whoever opens the file next looks at all of it. On a full disk there is no word left. */
export function markSuspect(databaseFile: string): void {
  try {
    const mark = markOf(databaseFile);
    writeFileSync(mark, '', { mode: 0o600 });
    syncToDisk(mark);
  } catch {
    // Then the next process meets the damage by itself.
  }
}

export const isSuspect = (databaseFile: string): boolean => existsSync(markOf(databaseFile));

export const clearSuspicion = (databaseFile: string): void => rmSync(markOf(databaseFile), { force: true });

/** What is wrong with a database, in SQLite's words, at most `limit` lines; empty when it is sound. */
export function findDamage(db: Database.Database, limit: number): readonly string[] {
  try {
    // One column of text, by whatever name.
    const lines = db.prepare<[], string>(`PRAGMA integrity_check(${limit})`).pluck().all();
    return lines.filter((line) => line !== 'ok');
  } catch (thrown) {
    if (thrown instanceof Error && isDamage(thrown)) return [thrown.message];
    throw thrown;
  }
}
