import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { Stanza, type Identity, type Recipient } from 'age-encryption';

/* age's scrypt recipient (https://age-encryption.org/v1#the-scrypt-recipient-type) on Node's own scrypt, which keeps to another thread: that
   of the library stops the whole process for a second and more. */

const cost = promisify<string, Uint8Array, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(scrypt);

const saltBytes = 16;
const tagBytes = 16;
const fileKeyBytes = 16;
const noNonce = Buffer.alloc(12);
const cipherName = 'chacha20-poly1305';
/** The highest that is worked on: 1 GiB. */
const highestFactor = 20;

function keyOf(passphrase: string, salt: Uint8Array, factor: number): Promise<Buffer> {
  const N = 2 ** factor;
  const labelled = Buffer.concat([Buffer.from('age-encryption.org/v1/scrypt'), salt]);
  // It takes 128 * N * r bytes and a little.
  return cost(passphrase, labelled, 32, { N, r: 8, p: 1, maxmem: 1024 * N + 2 ** 20 });
}

const unpadded = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replace(/=+$/, '');

/** Encrypts a file for who knows the passphrase; the cost of trying one is 2^`factor`. */
export const passphraseRecipient = (passphrase: string, factor: number): Recipient => ({
  async wrapFileKey(fileKey) {
    const salt = randomBytes(saltBytes);
    const cipher = createCipheriv(cipherName, await keyOf(passphrase, salt, factor), noNonce, {
      authTagLength: tagBytes,
    });
    const body = Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()]);
    return [new Stanza(['scrypt', unpadded(salt), String(factor)], body)];
  },
});

/** Opens such a file. The file key is null when it is another's, or the passphrase is wrong. */
export const passphraseIdentity = (passphrase: string): Identity => ({
  async unwrapFileKey([stanza, ...others]) {
    if (stanza === undefined || others.length > 0) return null;
    const [kind, salt = '', factorText = '', ...more] = stanza.args;
    const factor = /^[1-9]\d?$/.test(factorText) ? Number(factorText) : Infinity;
    if (kind !== 'scrypt' || more.length > 0 || factor > highestFactor) return null;
    const saltRead = Buffer.from(salt, 'base64');
    if (saltRead.length !== saltBytes || stanza.body.length !== fileKeyBytes + tagBytes) return null;
    const key = await keyOf(passphrase, saltRead, factor);
    const cipher = createDecipheriv(cipherName, key, noNonce, { authTagLength: tagBytes });
    cipher.setAuthTag(stanza.body.subarray(fileKeyBytes));
    try {
      return Buffer.concat([cipher.update(stanza.body.subarray(0, fileKeyBytes)), cipher.final()]);
    } catch {
      return null;
    }
  },
});
