import { rmSync } from 'node:fs';
import Database from 'better-sqlite3';

/** How long to wait for a process that mends the file, in milliseconds. */
const shareTimeoutMs = 120_000;

/** How long to wait for others to close the file, in milliseconds. */
const aloneTimeoutMs = 1000;

/**
 * Says who has a database open. It is a lock of the system on an empty file beside it, so that a process that dies has none any more, and it
 * works whatever became of the database itself.
 */
export class ProcessLock {
  readonly #lock: Database.Database;

  private constructor(lock: Database.Database) {
    this.#lock = lock;
  }

  /** Takes part in the lock, as soon as nobody has it alone. Throws what SQLite throws. */
  static share(databaseFile: string): ProcessLock {
    const file = `${databaseFile}.lock`;
    try {
      return ProcessLock.#open(file);
    } catch (thrown) {
      if (!(thrown instanceof Database.SqliteError) || thrown.code !== 'SQLITE_NOTADB') throw thrown;
      // There is nothing in it that could be lost.
      rmSync(file);
      return ProcessLock.#open(file);
    }
  }

  static #open(file: string): ProcessLock {
    const lock = new ProcessLock(new Database(file));
    try {
      lock.share();
      return lock;
    } catch (thrown) {
      lock.release();
      throw thrown;
    }
  }

  /** Goes from having it alone, or not at all, to sharing it. */
  share(): void {
    if (this.#lock.inTransaction) this.#lock.exec('COMMIT');
    this.#lock.pragma(`busy_timeout = ${shareTimeoutMs}`);
    this.#lock.exec('BEGIN');
    this.#lock.prepare('SELECT count(*) FROM sqlite_schema').get();
  }

  /** Whether nobody else has the database open; the lock is had alone then, else not at all. */
  takeAlone(): boolean {
    if (this.#lock.inTransaction) this.#lock.exec('COMMIT');
    this.#lock.pragma(`busy_timeout = ${aloneTimeoutMs}`);
    try {
      this.#lock.exec('BEGIN EXCLUSIVE');
      return true;
    } catch (thrown) {
      if (thrown instanceof Database.SqliteError && thrown.code === 'SQLITE_BUSY') return false;
      throw thrown;
    }
  }

  release(): void {
    this.#lock.close();
  }
}
