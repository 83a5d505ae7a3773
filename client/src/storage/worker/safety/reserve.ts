import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs';

/** What SQLite needs to open a file and to read it, with room to spare, in bytes. */
const reserveBytes = 512 * 1024;

const reserveOf = (databaseFile: string): string => `${databaseFile}.reserve`;

/** Lays room by beside the database, where that is not done yet. A disk that is full already gives none. */
export function layByReserve(databaseFile: string): void {
  const file = reserveOf(databaseFile);
  try {
    if (statSync(file, { throwIfNoEntry: false })?.size === reserveBytes) return;
    // Not zeros: some file systems would keep no room for them.
    writeFileSync(file, Buffer.alloc(reserveBytes, 'muster'), { mode: 0o600 });
  } catch {
    rmSync(file, { force: true });
  }
}

/** Whether room was laid by, which is done once a database has been opened. */
export const hasReserve = (databaseFile: string): boolean => existsSync(reserveOf(databaseFile));

/** Gives the room back; whether there was any. */
export function spendReserve(databaseFile: string): boolean {
  const file = reserveOf(databaseFile);
  const had = statSync(file, { throwIfNoEntry: false }) !== undefined;
  rmSync(file, { force: true });
  return had;
}
