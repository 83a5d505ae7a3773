import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fail, faultFrom, ok, type Result } from '@muster/protocol/errors';
import { isDiskFull } from './is-disk-full.ts';

async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, 'r');
  await handle.sync();
}

/**
 * Puts a text in place of a file, with a mode such as `0o600`. The disk has either the old or the new one, whatever happens.
 *
 * Errors: `file.unwritable`.
 */
export async function replaceFile(file: string, text: string, mode: number): Promise<Result<void>> {
  const next = `${file}.${randomUUID()}.tmp`;
  try {
    {
      await using handle = await open(next, 'wx', 0o600);
      await handle.writeFile(text);
      await handle.chmod(mode);
      await handle.sync();
    }
    await rename(next, file);
    await syncFolder(dirname(file));
    return ok(undefined);
  } catch (thrown) {
    await rm(next, { force: true });
    return fail('file.unwritable', `${file} cannot be written: ${faultFrom(thrown).message}`, {
      ...(isDiskFull(thrown) ? { mend: 'The disk is full: make room on it, then try again.' } : {}),
    });
  }
}
