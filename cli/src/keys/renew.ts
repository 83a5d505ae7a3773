import { importCertificate, rotateKey } from '@muster/client/keys';
import { ok, type Result } from '@muster/protocol/errors';
import type { AskPassphrase } from '@muster/runtime/keys';
import { withEngine } from '../commands/with-engine.ts';
import { homeOf } from '../options/home.ts';
import { passphraseAccess, type PassphraseFlags } from '../options/passphrase.ts';
import { cleanJson, cleanText } from '../output/clean-text.ts';
import { exitCodes } from '../output/exit-code.ts';
import type { Surroundings } from '../surroundings.ts';

interface HomeFlags extends PassphraseFlags {
  readonly home?: string;
  readonly json?: true;
}
export interface RotateFlags extends HomeFlags {
  readonly replace?: true;
}
export type ImportFlags = HomeFlags;
export type RenewFlags = HomeFlags;

const longestCertificateBytes = 64 * 1024;

/** How the present key is opened. */
function opening(flags: HomeFlags, surroundings: Surroundings): { ask?: AskPassphrase } {
  const { passphrase, askPassphrase } = passphraseAccess(flags, surroundings);
  const ask = passphrase ?? askPassphrase;
  return ask === undefined ? {} : { ask };
}

/** `muster keys rotate`. */
export async function rotate(flags: RotateFlags, surroundings: Surroundings): Promise<Result<number>> {
  const made = await rotateKey(homeOf(flags.home, surroundings), {
    replace: flags.replace === true,
    ...opening(flags, surroundings),
  });
  if (!made.ok) return made;
  const { key, request } = made.value;
  surroundings.stdout.write(
    flags.json === true
      ? `${cleanJson({ key, request })}\n`
      : cleanText(
          `Key      ${key}  waits for its certificate\nRequest  ${request}  for who keeps the authority: muster ca issue FOLDER person --request ${request}\n`,
        ),
  );
  return ok(exitCodes.ok);
}

/** `muster keys renew`: has the authority give this console its next certificate, for the same key. */
export async function renew(flags: RenewFlags, surroundings: Surroundings): Promise<Result<number>> {
  return withEngine(surroundings, flags, 'online', async (engine) => {
    const renewed = await engine.certificate.renew();
    if (!renewed.ok) return renewed;
    const notAfter = new Date(renewed.value).toISOString();
    surroundings.stdout.write(flags.json === true ? `${cleanJson({ notAfter })}\n` : `Expires  ${notAfter}\n`);
    return ok(exitCodes.ok);
  });
}

/** `muster keys import`. */
export async function importOwn(file: string, flags: ImportFlags, surroundings: Surroundings): Promise<Result<number>> {
  const pem = await surroundings.readFile(file, { longestBytes: longestCertificateBytes });
  if (!pem.ok) return pem;
  const imported = await importCertificate(homeOf(flags.home, surroundings), pem.value, {
    nowMs: surroundings.now(),
    ...opening(flags, surroundings),
  });
  if (!imported.ok) return imported;
  const { certificate, key, isNewKey, notAfter } = imported.value;
  surroundings.stdout.write(
    flags.json === true
      ? `${cleanJson(imported.value)}\n`
      : cleanText(
          `Certificate  ${certificate}\nKey          ${key}${isNewKey ? '  the one that waited' : ''}\nExpires      ${notAfter}\n`,
        ),
  );
  return ok(exitCodes.ok);
}
