import { readdir } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';

const digits = 12;

/** `audit.log` becomes `audit-000000000001.log` when it is full; the number is that of its first record. */
export function rotatedName(file: string, firstSeq: number): string {
  const extension = extname(file);
  const stem = basename(file, extension);
  return join(dirname(file), `${stem}-${String(firstSeq).padStart(digits, '0')}${extension}`);
}

/** The full files beside the one that is written, the oldest first. Rejects when the folder cannot be read. */
export async function rotatedFiles(file: string): Promise<readonly string[]> {
  const extension = extname(file);
  const prefix = `${basename(file, extension)}-`;
  const names = await readdir(dirname(file));
  return names
    .filter((name) => name.startsWith(prefix) && name.endsWith(extension))
    .filter((name) => /^\d{12,16}$/.test(name.slice(prefix.length, name.length - extension.length)))
    .toSorted((one, other) => one.length - other.length || (one < other ? -1 : 1))
    .map((name) => join(dirname(file), name));
}

/** The number in the name of a full file. */
export const firstSeqOf = (file: string): number => Number(/-(\d+)\.?[^.]*$/.exec(basename(file))?.[1] ?? 0);
