import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { RandomBytes } from '@muster/runtime/effects';
import { hasCode } from '@muster/runtime/files';

const passwordBytes = 24;

/** A password of 192 random bits in letters, digits, `-` and `_`. */
export const newPassword = (randomBytes: RandomBytes): string =>
  Buffer.from(randomBytes(passwordBytes)).toString('base64url');

/** Makes a folder, and those above it, that only its owner may enter (mode 0700). An existing one gets that mode. */
export async function privateFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  await chmod(path, 0o700);
}

/** Writes a file that only its owner may read (mode 0600), with its folder; a reader sees the old or the new text, never a part. */
export async function writePrivate(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.new`;
  await writeFile(draft, text, { mode: 0o600 });
  await rename(draft, path);
}

/** The text of a file, which is made when it is not there: secrets stay what they are over repeated set-ups. */
export async function keptSecret(path: string, make: () => string | Promise<string>): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
  const text = await make();
  await writePrivate(path, text);
  return text;
}
