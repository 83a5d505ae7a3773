import { createCipheriv, createDecipheriv, createPrivateKey, hkdfSync } from 'node:crypto';
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

/** A vault whose key derives from a private key (HKDF with SHA-256); AES-256-GCM. Throws when the key cannot be read. */
export function createVault(keyPem: string, randomBytes: RandomBytes): Vault {
  const secret = createPrivateKey(keyPem).export({ type: 'pkcs8', format: 'der' });
  const key = new Uint8Array(hkdfSync('sha256', secret, '', 'muster vault v1', 32));
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
