import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { ok, type Result } from '@muster/protocol/errors';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { storageFault } from './storage-fault.ts';

/** How long to wait for another process on the same file, in milliseconds. */
const busyTimeoutMs = 10_000;

/**
 * Opens the database and brings it to the newest schema. What it holds is for its owner's eyes only.
 *
 * Errors: `storage.corrupt` for a file that is not a database or is damaged, `storage.failed`, `storage.full`.
 */
export function openDatabase(file: string, nowMs: number): Result<Database.Database> {
  let db: Database.Database | null = null;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    db = new Database(file, { timeout: busyTimeoutMs });
    chmodSync(file, 0o600);
    db.pragma('journal_mode = WAL');
    // An answer is acknowledged to the broker once it is stored, so it has to survive a power cut.
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = ON');
    const migrated = migrate(db, migrations, nowMs);
    if (migrated.ok) return ok(db);
    db.close();
    return migrated;
  } catch (thrown) {
    db?.close();
    return { ok: false, error: storageFault(thrown, file) };
  }
}
