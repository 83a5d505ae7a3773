import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, faultFrom, ok, type Result } from '@muster/protocol/errors';
import { readCertificates } from '@muster/runtime/crypto';
import type { Clock } from '@muster/runtime/effects';
import { revocationFiles } from '@muster/runtime/pki';
import { openRevocations } from '@muster/runtime/revocations';

/** Where a broker finds the list of what the authority took back. */
export interface RevocationsPlace {
  /** The list, PEM, as the authority wrote it. */
  readonly file: string;
  /** The folder of the broker's files. */
  readonly folder: string;
}

/** Writes a file that everybody may read; a reader sees the old or the new text, never a part. */
async function replaceFile(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text, { mode: 0o644 });
  await rename(`${path}.new`, path);
}

/**
 * Puts a list where the broker looks it up, under the hash of its issuer's name, when it is another than the one there. Only what an
 * authority in the broker's `ca.pem` signed is taken over. Gives the names of the files that were written.
 *
 * Errors: `revocations.unreadable`, `config.unreadable`.
 */
export async function installRevocations(
  { file, folder }: RevocationsPlace,
  clock: Clock,
): Promise<Result<readonly string[]>> {
  try {
    const authorities = readCertificates(await readFile(join(folder, 'ca.pem'), 'utf8'));
    if (!authorities.ok) return authorities;
    const genuine = await openRevocations({ file, authorities: authorities.value, clock });
    if (!genuine.ok) return genuine;
    const written: string[] = [];
    for (const [name, text] of revocationFiles(await readFile(file, 'utf8'))) {
      const path = join(folder, name);
      if ((await readFile(path, 'utf8').catch(() => '')) === text) continue;
      await replaceFile(path, text);
      written.push(name);
    }
    return ok(written);
  } catch (thrown) {
    return fail('config.unreadable', `The list cannot be brought to the broker: ${faultFrom(thrown).message}`);
  }
}
