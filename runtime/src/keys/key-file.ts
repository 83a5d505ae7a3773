import { fail, ok, type Result } from '@muster/protocol/errors';
import { isProtected, openProtected } from './protected-key.ts';
import { readSecretFile } from './secret-file.ts';

/** Gives the passphrase of a key file; `attempt` counts from 1, for earlier ones were wrong. Null when there is none (any more). */
export type AskPassphrase = (about: {
  readonly file: string;
  readonly attempt: number;
}) => Promise<Result<string | null>>;

/** A passphrase that is known already: there is no second attempt. */
export const knownPassphrase =
  (passphrase: string): AskPassphrase =>
  ({ attempt }) =>
    Promise.resolve(ok(attempt === 1 ? passphrase : null));

/** A private key, PEM, and the passphrase that opened it; null where it needs none. */
export interface OpenedKey {
  readonly pem: string;
  readonly passphrase: string | null;
}

/**
 * Opens the private key of a file. A protected one takes the passphrase that `ask` gives, as often as it gives one.
 *
 * Errors: `config.unreadable`, `config.invalid` when others may read the file; `key.locked` when there is no passphrase,
 * `key.wrong_passphrase`; those of `ask`.
 */
export async function openKeyFile(file: string, ask?: AskPassphrase): Promise<Result<OpenedKey>> {
  const read = await readSecretFile(file);
  if (!read.ok) return read;
  if (!isProtected(read.value)) return ok({ pem: read.value, passphrase: null });
  for (let attempt = 1; ; attempt++) {
    const given = (await ask?.({ file, attempt })) ?? ok(null);
    if (!given.ok) return given;
    if (given.value === null) return attempt === 1 ? locked(file) : wrong(file);
    const opened = await openProtected(read.value, given.value);
    if (opened.ok) return ok({ pem: opened.value, passphrase: given.value });
  }
}

/** The private key of a file, PEM. Errors: those of {@link openKeyFile}. */
export async function readKeyFile(file: string, ask?: AskPassphrase): Promise<Result<string>> {
  const opened = await openKeyFile(file, ask);
  return opened.ok ? ok(opened.value.pem) : opened;
}

const locked = (file: string): Result<never> =>
  fail('key.locked', `${file} is protected by a passphrase`, {
    mend: 'Name a file that holds the passphrase: "passphrase_file" in console.yaml, or --passphrase-file.',
  });

const wrong = (file: string): Result<never> =>
  fail('key.wrong_passphrase', `The passphrase does not open ${file}`, { mend: 'Try again.' });

/** The passphrase that a file holds, without the end of its line. Errors: those of {@link readSecretFile}; `config.invalid` when it is empty. */
export async function readPassphraseFile(file: string): Promise<Result<string>> {
  const read = await readSecretFile(file);
  if (!read.ok) return read;
  const passphrase = read.value.replace(/\r?\n$/, '');
  return passphrase === '' ? fail('config.invalid', `${file} is empty`) : ok(passphrase);
}

/** The passphrase of a file, read when it is asked for. Errors: those of {@link readPassphraseFile}. */
export const passphraseIn =
  (passphraseFile: string): AskPassphrase =>
  ({ attempt }) =>
    attempt === 1 ? readPassphraseFile(passphraseFile) : Promise.resolve(ok(null));
