import { armor, Decrypter, Encrypter } from 'age-encryption';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { passphraseIdentity, passphraseRecipient } from './age-passphrase.ts';

const header = '-----BEGIN AGE ENCRYPTED FILE-----';

/** As age itself has it: 256 MiB, and the better part of a second. */
const usualFactor = 18;

/** Shorter passphrases protect a stolen file too little; in characters. */
export const shortestPassphrase = 8;

/** Whether a text is a file that age encrypted, rather than a key that can be used as it is. */
export const isProtected = (text: string): boolean => text.trimStart().startsWith(header);

/**
 * A key that only who knows the passphrase can read: an armored age file, which any program for age opens. scrypt makes the key of the
 * passphrase; `workFactor` is the logarithm of its cost.
 */
export async function protectKey(
  pem: string,
  passphrase: string,
  { workFactor = usualFactor }: { readonly workFactor?: number } = {},
): Promise<string> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(passphraseRecipient(passphrase, workFactor));
  return armor.encode(await encrypter.encrypt(pem));
}

/** The key in a protected text. Errors: `key.wrong_passphrase`, also when the text was damaged: that cannot be told apart. */
export async function openProtected(text: string, passphrase: string): Promise<Result<string>> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(passphraseIdentity(passphrase));
  try {
    return ok(await decrypter.decrypt(armor.decode(text), 'text'));
  } catch {
    return fail('key.wrong_passphrase', 'The passphrase does not open the key');
  }
}
