import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { fail, ok, type Fault, type Result } from '@muster/protocol/errors';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { clearSuspicion, findDamage, isSuspect } from './safety/damage.ts';
import { emptiedDamage, isEmptied } from './safety/emptied.ts';
import { ProcessLock } from './safety/process-lock.ts';
import { layByReserve, spendReserve } from './safety/reserve.ts';
import { backUpSchema } from './safety/schema-backups.ts';
import { finishReplacing, isHalfReplaced, setAside } from './safety/set-aside.ts';
import { storageFault } from './storage-fault.ts';

/** How long to wait for another process on the same file, in milliseconds: a change of schema with its backup may take a while. */
const openTimeoutMs = 120_000;
const busyTimeoutMs = 10_000;

/** The write-ahead log shrinks to this after it was written into the database, in bytes. */
const logBytes = 16 * 2 ** 20;

export interface OpenDatabase {
  readonly db: Database.Database;
  readonly close: () => void;
}

function configure(db: Database.Database): void {
  db.pragma('journal_mode = WAL');
  // An answer is acknowledged to the broker once it is stored, so it has to survive a power cut.
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  // What is sorted needs no room on a disk that may be full.
  db.pragma('temp_store = MEMORY');
  db.pragma(`journal_size_limit = ${logBytes}`);
}

/** Opens a database that is sound as far as opening it shows; one that is suspected of damage is looked at as a whole. */
function openSound(file: string, nowMs: number): Result<Database.Database> {
  let db: Database.Database | null = null;
  try {
    if (isHalfReplaced(file)) return fail('storage.corrupt', 'a damaged database is being replaced');
    if (isEmptied(file)) return fail('storage.corrupt', emptiedDamage);
    db = new Database(file, { timeout: openTimeoutMs });
    chmodSync(file, 0o600);
    configure(db);
    const [damage] = isSuspect(file) ? findDamage(db, 1) : [];
    const opened =
      damage === undefined
        ? migrate(db, migrations, nowMs, (schema) => backUpSchema(file, schema, nowMs))
        : fail('storage.corrupt', damage);
    if (opened.ok) {
      if (isSuspect(file)) clearSuspicion(file);
      db.pragma(`busy_timeout = ${busyTimeoutMs}`);
      return ok(db);
    }
    db.close();
    return opened;
  } catch (thrown) {
    db?.close();
    return { ok: false, error: storageFault(thrown, file) };
  }
}

/** With a full disk, the room that was laid by is spent. */
function openWithRoom(file: string, nowMs: number): Result<Database.Database> {
  const opened = openSound(file, nowMs);
  if (opened.ok || opened.error.code !== 'storage.full' || !spendReserve(file)) return opened;
  return openSound(file, nowMs);
}

/** Puts a sound database in the place of a damaged one, if nobody else has it open. */
function mend(file: string, lock: ProcessLock, damage: Fault, nowMs: number): Result<Database.Database> {
  if (!lock.takeAlone()) {
    lock.share();
    // Whoever has it open may have just mended it.
    const opened = openWithRoom(file, nowMs);
    if (opened.ok || opened.error.code !== 'storage.corrupt') return opened;
    return fail('storage.corrupt', `${file} is damaged, and another Muster has it open: ${damage.message}`, {
      mend: 'Close every Muster that uses it, then start again: the file is set aside and what can be read is saved.',
    });
  }
  finishReplacing(file, nowMs);
  const again = openWithRoom(file, nowMs);
  if (!again.ok && again.error.code === 'storage.corrupt') setAside(file, again.error.message, nowMs);
  else if (again.ok) again.value.close();
  lock.share();
  return openWithRoom(file, nowMs);
}

/**
 * Opens the database and brings it to the newest schema. What it holds is for its owner's eyes only. One that is damaged is set aside, and a
 * new one has what could be read and a notice.
 *
 * Errors: `storage.corrupt` for a damaged file that another process has open, `storage.failed`, `storage.full`.
 */
export function openDatabase(file: string, nowMs: number): Result<OpenDatabase> {
  let lock: ProcessLock | null = null;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    if (statSync(file, { throwIfNoEntry: false })?.isDirectory() === true) {
      return fail('storage.failed', `${file} is a folder, and has to be a file`, { mend: 'Move it away.' });
    }
    const held = ProcessLock.share(file);
    lock = held;
    const first = openWithRoom(file, nowMs);
    const opened = first.ok || first.error.code !== 'storage.corrupt' ? first : mend(file, held, first.error, nowMs);
    if (!opened.ok) {
      held.release();
      return opened;
    }
    layByReserve(file);
    const db = opened.value;
    return ok({
      db,
      close() {
        db.close();
        held.release();
      },
    });
  } catch (thrown) {
    lock?.release();
    return { ok: false, error: storageFault(thrown, file) };
  }
}
