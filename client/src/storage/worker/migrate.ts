import type { Database } from 'better-sqlite3';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { Migration } from './migrations/index.ts';

/**
 * Brings a database to the newest schema, each step in a transaction of its own. Two processes may do so at once.
 *
 * Errors: `storage.failed` for a database that a newer Muster wrote.
 */
export function migrate(db: Database, migrations: readonly Migration[], nowMs: number): Result<number> {
  db.exec(
    'CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at_ms INTEGER NOT NULL) STRICT',
  );
  const applied = db.prepare<[], number>('SELECT number FROM migrations').pluck();
  const note = db.prepare('INSERT INTO migrations (number, name, applied_at_ms) VALUES (?, ?, ?)');
  const apply = db.transaction((migration: Migration): boolean => {
    if (applied.all().includes(migration.number)) return false;
    db.exec(migration.sql);
    note.run(migration.number, migration.name, nowMs);
    return true;
  });
  const newest = Math.max(0, ...applied.all());
  const known = migrations.at(-1)?.number ?? 0;
  if (newest > known) {
    return fail('storage.failed', `The database has schema ${newest}; this build knows ${known}`, {
      mend: 'Use the newer Muster that wrote it, or another data folder.',
    });
  }
  return ok(migrations.filter((migration) => apply.immediate(migration)).length);
}
