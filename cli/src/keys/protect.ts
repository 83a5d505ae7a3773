import { checkPassphrase, isOwnKeyProtected, protectOwnKey, unprotectOwnKey } from '@muster/client/keys';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { AskPassphrase } from '@muster/runtime/keys';
import { homeOf } from '../options/home.ts';
import { newPassphrase, passphraseAccess, type PassphraseFlags } from '../options/passphrase.ts';
import { cleanJson, cleanText } from '../output/clean-text.ts';
import { exitCodes } from '../output/exit-code.ts';
import type { Surroundings } from '../surroundings.ts';

export interface UnprotectFlags extends PassphraseFlags {
  readonly home?: string;
  readonly json?: true;
}
export interface ProtectFlags extends UnprotectFlags {
  readonly newPassphraseFile?: string;
}

const nobody: AskPassphrase = () => Promise.resolve(ok(null));

/** The passphrase that is in force, of the flag or the terminal. */
function present(flags: PassphraseFlags, surroundings: Surroundings): AskPassphrase {
  const { passphrase, askPassphrase } = passphraseAccess(flags, surroundings);
  return passphrase ?? askPassphrase ?? nobody;
}

function tell(
  keys: readonly string[],
  isProtected: boolean,
  { json }: UnprotectFlags,
  { stdout }: Surroundings,
): Result<number> {
  const state = isProtected ? 'protected by a passphrase' : 'open to who can read the file';
  stdout.write(
    json === true
      ? `${cleanJson({ keys, protected: isProtected })}\n`
      : cleanText(keys.map((key) => `Key  ${key}  ${state}\n`).join('')),
  );
  return ok(exitCodes.ok);
}

/** `muster keys protect`. */
export async function protect(flags: ProtectFlags, surroundings: Surroundings): Promise<Result<number>> {
  const home = homeOf(flags.home, surroundings);
  // Says what is wrong with the home before anybody thinks of a passphrase.
  const before = await isOwnKeyProtected(home);
  if (!before.ok) return before;
  const passphrase = await newPassphrase(flags.newPassphraseFile, surroundings);
  if (!passphrase.ok) return passphrase;
  const good = checkPassphrase(passphrase.value);
  if (!good.ok) return good;
  const done = await protectOwnKey(home, passphrase.value, present(flags, surroundings));
  return done.ok ? tell(done.value, true, flags, surroundings) : done;
}

/** `muster keys unprotect`. */
export async function unprotect(flags: UnprotectFlags, surroundings: Surroundings): Promise<Result<number>> {
  const home = homeOf(flags.home, surroundings);
  const before = await isOwnKeyProtected(home);
  if (!before.ok) return before;
  if (!before.value) return fail('usage.invalid', 'The key is not protected');
  const done = await unprotectOwnKey(home, present(flags, surroundings));
  return done.ok ? tell(done.value, false, flags, surroundings) : done;
}
