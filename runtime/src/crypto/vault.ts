import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import type { Signer } from '@muster/protocol/envelope';
import type { RandomBytes } from '../effects/index.ts';

/** Keeps texts on a disk so that only the holder of one private key can read them. */
export interface Vault {
  /** `about` is not secret; the text opens only with the same one again. */
  seal(text: string, about: string): string;
  /** Null for what this key did not seal, or about something else. */
  open(sealed: string, about: string): string | null;
}

const cipherName = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;

/** What is signed to make the key of a vault. It is no beginning of a frame, so that no message has this signature. */
const keyText = Buffer.from('muster vault v2: whoever has the signature of this text can open what is sealed');

/**
 * What the key of a vault is made of: a signature that only the holder of the private key can make, and makes always the same (Ed25519, and
 * RSA as messages are signed). It is as secret as that key. Rejects when the signer does.
 */
export const vaultSecret = (signer: Signer): Promise<Uint8Array> => signer.sign(keyText);

/** A vault with a key of that secret (HKDF with SHA-256); AES-256-GCM. */
export function createVault(secret: Uint8Array, randomBytes: RandomBytes): Vault {
  const key = new Uint8Array(hkdfSync('sha256', secret, '', 'muster vault v2', 32));
  return {
    seal(text, about) {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv(cipherName, key, iv);
      cipher.setAAD(Buffer.from(about));
      const hidden = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), hidden]).toString('base64');
    },
    open(sealed, about) {
      const bytes = Buffer.from(sealed, 'base64');
      try {
        const cipher = createDecipheriv(cipherName, key, bytes.subarray(0, ivBytes), { authTagLength: tagBytes });
        cipher.setAAD(Buffer.from(about));
        cipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
        const hidden = bytes.subarray(ivBytes + tagBytes);
        return Buffer.concat([cipher.update(hidden), cipher.final()]).toString('utf8');
      } catch {
        return null;
      }
    },
  };
}
