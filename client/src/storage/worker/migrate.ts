import type { Database } from 'better-sqlite3';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { Migration } from './migrations/index.ts';
import { storageFault } from './storage-fault.ts';

/** The schema of a database: the number of its last migration, 0 for a new one. */
export function schemaOf(db: Database): number {
  const isNew = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'migrations'").get() === undefined;
  return isNew ? 0 : (db.prepare<[], number | null>('SELECT max(number) FROM migrations').pluck().get() ?? 0);
}

/**
 * Brings a database to the newest schema in one transaction: all steps, or none. Two processes may do so at once. `backUp` is called before
 * the first step changes a database that has something in it; others cannot write meanwhile.
 *
 * Errors: `storage.failed` for a database that a newer Muster wrote, and with a step that fails; the database is as it was then.
 */
export function migrate(
  db: Database,
  migrations: readonly Migration[],
  nowMs: number,
  backUp: (schema: number) => string,
): Result<number> {
  const known = migrations.at(-1)?.number ?? 0;
  const before = schemaOf(db);
  if (before > known) {
    return fail('storage.failed', `The database has schema ${before}; this build knows ${known}`, {
      mend: 'Use the newer Muster that wrote it, or another data folder.',
    });
  }
  if (before === known) return ok(0);
  const copies: string[] = [];
  const bring = db.transaction((): number => {
    // Another process may have been faster.
    const schema = schemaOf(db);
    const steps = migrations.filter(({ number }) => number > schema);
    if (schema === 0) {
      db.exec(
        'CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at_ms INTEGER NOT NULL) STRICT',
      );
    } else if (steps.length > 0) copies.push(backUp(schema));
    const note = db.prepare('INSERT INTO migrations (number, name, applied_at_ms) VALUES (?, ?, ?)');
    for (const { number, name, sql } of steps) {
      db.exec(sql);
      note.run(number, name, nowMs);
    }
    return steps.length;
  });
  try {
    return ok(bring.immediate());
  } catch (thrown) {
    const { code, message } = storageFault(thrown, db.name);
    if (before === 0) return fail(code, message);
    const kept = copies.map((copy) => `; a copy of it is ${copy}`).join('');
    return fail(code, `The database stays at schema ${before}, for it cannot be brought to ${known}: ${message}`, {
      mend:
        code === 'storage.full'
          ? 'Make room on the disk; a copy is made first.'
          : `The Muster that wrote it can still use it${kept}.`,
    });
  }
}
