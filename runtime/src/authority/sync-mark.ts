import { readFile, rename, writeFile } from 'node:fs/promises';

const markOf = (register: string): string => `${register}.synced`;

/**
 * Leaves beside a register how much of it, in bytes, a broker has taken over; only a service of the authority in the same folder reads it.
 * An offer: where it cannot be written, nobody waits for it.
 */
export async function writeSyncMark(register: string, bytes: number): Promise<void> {
  const file = markOf(register);
  try {
    await writeFile(`${file}.new`, `${bytes}\n`, { mode: 0o644 });
    await rename(`${file}.new`, file);
  } catch {
    // A register that others own: the broker has its users all the same.
  }
}

/** How much of a register a broker has taken over, in bytes; undefined where nobody says so. */
export async function readSyncMark(register: string): Promise<number | undefined> {
  const text = await readFile(markOf(register), 'utf8').catch(() => '');
  return /^\d{1,15}\n$/.test(text) ? Number(text) : undefined;
}
