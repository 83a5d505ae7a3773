import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { ok, type Result } from '@muster/protocol/errors';
import { schemaOf } from '../storage/worker/migrate.ts';
import { backupsOf } from '../storage/worker/safety/backups.ts';
import { findDamage, isDamage } from '../storage/worker/safety/damage.ts';
import { emptiedDamage, isEmptied } from '../storage/worker/safety/emptied.ts';
import { bytesOf, guarded } from './guarded.ts';

/** What is known of a database. Null is what a damaged one does not say. */
export interface DatabaseReport {
  readonly file: string;
  readonly bytes: number;
  /** Of the write-ahead log. */
  readonly logBytes: number;
  /** Inside the file, and used by nothing. */
  readonly freeBytes: number | null;
  readonly schema: number | null;
  readonly runs: number | null;
  readonly oldestRunMs: number | null;
  /** What is wrong, in SQLite's words, at most 20 lines. */
  readonly damage: readonly string[];
  /** Rows that point to others that are not there. */
  readonly orphans: number | null;
  /** Notices that nobody has dismissed. */
  readonly notices: number | null;
  /** Paths of backups, and of files that were set aside. */
  readonly backups: readonly string[];
  readonly setAside: readonly string[];
}

const mostLines = 20;

/** Null where damage, or an older schema, is in the way. */
function unlessBroken(read: () => number | null): number | null {
  try {
    return read();
  } catch (thrown) {
    if (isDamage(thrown) || (thrown instanceof Database.SqliteError && thrown.code === 'SQLITE_ERROR')) return null;
    throw thrown;
  }
}

type Inside = Pick<DatabaseReport, 'freeBytes' | 'schema' | 'runs' | 'oldestRunMs' | 'damage' | 'orphans' | 'notices'>;

/** What SQLite tells of the inside of a file. */
function lookInto(file: string): Inside {
  const db = new Database(file, { readonly: true, fileMustExist: true });
  const count = (sql: string) => unlessBroken(() => db.prepare<[], number | null>(sql).pluck().get() ?? null);
  try {
    return {
      freeBytes: unlessBroken(
        () => Number(db.pragma('freelist_count', { simple: true })) * Number(db.pragma('page_size', { simple: true })),
      ),
      schema: unlessBroken(() => schemaOf(db)),
      runs: count('SELECT count(*) FROM runs'),
      oldestRunMs: count('SELECT min(started_at_ms) FROM runs'),
      damage: findDamage(db, mostLines),
      orphans: count('SELECT count(*) FROM pragma_foreign_key_check'),
      notices: count('SELECT count(*) FROM notices WHERE dismissed_at_ms IS NULL'),
    };
  } finally {
    db.close();
  }
}

const nothingInside: Inside = {
  freeBytes: null,
  schema: null,
  runs: null,
  oldestRunMs: null,
  damage: [emptiedDamage],
  orphans: null,
  notices: null,
};

/** Reads all of a database, and changes nothing. Errors: `storage.failed`, also when there is none. */
export function checkDatabase(file: string): Result<DatabaseReport> {
  return guarded(file, () =>
    ok({
      file,
      bytes: bytesOf(file),
      logBytes: bytesOf(`${file}-wal`),
      ...(isEmptied(file) ? nothingInside : lookInto(file)),
      backups: backupsOf(file),
      setAside: readdirSync(dirname(file))
        .filter((name) => name.startsWith(`${basename(file)}.damaged-`))
        .sort()
        .map((name) => join(dirname(file), name)),
    }),
  );
}
