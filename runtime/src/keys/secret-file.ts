import { stat } from 'node:fs/promises';
import { fail, type Result } from '@muster/protocol/errors';
import { readSmallFile } from '../config/yaml-file.ts';
import { replaceFile } from '../files/replace-file.ts';

/** A small file that its owner alone may read. Errors: `config.unreadable`, `config.invalid` when group or others may read it. */
export async function readSecretFile(file: string): Promise<Result<string>> {
  const text = await readSmallFile(file);
  if (!text.ok) return text;
  const { mode } = await stat(file);
  if ((mode & 0o077) === 0) return text;
  return fail('config.invalid', `${file} holds a secret and others may read it`, { mend: `Run: chmod 600 "${file}"` });
}

/**
 * Puts a secret in place of a file, for its owner alone. The disk has either the old or the new one, whatever happens.
 *
 * Errors: `file.unwritable`.
 */
export const replaceSecretFile = (file: string, text: string): Promise<Result<void>> => replaceFile(file, text, 0o600);
