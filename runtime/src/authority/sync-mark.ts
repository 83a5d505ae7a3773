import { readFile } from 'node:fs/promises';
import { replaceFile } from '../files/index.ts';

const markOf = (register: string): string => `${register}.synced`;

/**
 * Leaves beside a register how much of it, in bytes, a broker has taken over; only a service of the authority in the same folder reads it.
 * An offer: where it cannot be written, as in a folder of others, nobody waits for it, and the broker has its users all the same.
 */
export async function writeSyncMark(register: string, bytes: number): Promise<void> {
  await replaceFile(markOf(register), `${bytes}\n`, 0o644);
}

/** How much of a register a broker has taken over, in bytes; undefined where nobody says so. */
export async function readSyncMark(register: string): Promise<number | undefined> {
  const text = await readFile(markOf(register), 'utf8').catch(() => '');
  return /^\d{1,15}\n$/.test(text) ? Number(text) : undefined;
}
