import { fail, ok, type Result } from '@muster/protocol/errors';
import {
  openKeyFile,
  protectKey,
  replaceSecretFile,
  shortestPassphrase,
  type AskPassphrase,
} from '@muster/runtime/keys';
import { isThere } from '@muster/runtime/files';
import { findKeyFile, type OwnFiles, nextKey } from './key-file.ts';

/** Whether a passphrase is good enough for a key. Errors: `usage.invalid`. */
export function checkPassphrase(passphrase: string): Result<void> {
  if (passphrase.length >= shortestPassphrase) return ok(undefined);
  return fail('usage.invalid', `A passphrase of less than ${shortestPassphrase} characters protects nothing`, {
    mend: 'Take a few words that nobody else puts together.',
  });
}

/** The key that is used, and one that waits for its certificate. */
async function keysOf(files: OwnFiles): Promise<readonly string[]> {
  const waiting = nextKey(files);
  return (await isThere(waiting)) ? [waiting, files.key] : [files.key];
}

/** Asks once for what opens several files. */
function askOnce(ask: AskPassphrase): AskPassphrase {
  let last: string | null = null;
  return async (about) => {
    if (about.attempt === 1 && last !== null) return ok(last);
    const given = await ask(about);
    if (given.ok) last = given.value;
    return given;
  };
}

async function rewrite(
  home: string,
  ask: AskPassphrase,
  keep: (pem: string) => Promise<string>,
): Promise<Result<readonly string[]>> {
  const found = await findKeyFile(home);
  if (!found.ok) return found;
  const files = await keysOf(found.value);
  const asked = askOnce(ask);
  for (const file of files) {
    const opened = await openKeyFile(file, asked);
    if (!opened.ok) return opened;
    const kept = await replaceSecretFile(file, await keep(opened.value.pem));
    if (!kept.ok) return kept;
  }
  return ok(files);
}

/**
 * Protects the key of a home by a passphrase, and one that waits for its certificate; where they are protected already, `ask` opens them
 * and the passphrase becomes another. The value names the files.
 *
 * Errors: `usage.invalid` for a passphrase that is too short; those of {@link findKeyFile}, `openKeyFile` and `replaceSecretFile`.
 */
export async function protectOwnKey(
  home: string,
  passphrase: string,
  ask: AskPassphrase,
): Promise<Result<readonly string[]>> {
  const good = checkPassphrase(passphrase);
  return good.ok ? rewrite(home, ask, (pem) => protectKey(pem, passphrase)) : good;
}

/** Keeps the key of a home as it is, for everybody who can read the file. Errors: as of {@link protectOwnKey}. */
export const unprotectOwnKey = (home: string, ask: AskPassphrase): Promise<Result<readonly string[]>> =>
  rewrite(home, ask, (pem) => Promise.resolve(pem));

/** Whether the key of a home is protected by a passphrase. Errors: as of {@link protectOwnKey}. */
export async function isOwnKeyProtected(home: string): Promise<Result<boolean>> {
  const found = await findKeyFile(home);
  if (!found.ok) return found;
  const opened = await openKeyFile(found.value.key);
  if (opened.ok) return ok(false);
  return opened.error.code === 'key.locked' ? ok(true) : opened;
}
