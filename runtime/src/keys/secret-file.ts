import { randomUUID } from 'node:crypto';
import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fail, faultFrom, ok, type Result } from '@muster/protocol/errors';
import { readSmallFile } from '../config/yaml-file.ts';

/** A small file that its owner alone may read. Errors: `config.unreadable`, `config.invalid` when group or others may read it. */
export async function readSecretFile(file: string): Promise<Result<string>> {
  const text = await readSmallFile(file);
  if (!text.ok) return text;
  const { mode } = await stat(file);
  if ((mode & 0o077) === 0) return text;
  return fail('config.invalid', `${file} holds a secret and others may read it`, { mend: `Run: chmod 600 "${file}"` });
}

async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, 'r');
  await handle.sync();
}

/**
 * Puts a secret in place of a file, for its owner alone. The disk has either the old or the new one, whatever happens.
 *
 * Errors: `file.unwritable`.
 */
export async function replaceSecretFile(file: string, text: string): Promise<Result<void>> {
  const next = `${file}.${randomUUID()}.tmp`;
  try {
    {
      await using handle = await open(next, 'wx', 0o600);
      await handle.writeFile(text);
      await handle.sync();
    }
    await rename(next, file);
    await syncFolder(dirname(file));
    return ok(undefined);
  } catch (thrown) {
    await rm(next, { force: true });
    return fail('file.unwritable', `${file} cannot be written: ${faultFrom(thrown).message}`);
  }
}
