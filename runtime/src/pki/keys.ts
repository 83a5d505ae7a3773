import { createPublicKey, webcrypto } from 'node:crypto';
import { PemConverter, type PublicKey as CertifiedKey } from './x509.ts';

export const ed25519 = { name: 'Ed25519' } as const;

export type PrivateKey = webcrypto.CryptoKey;

/** A key that was made here, or that a request for a certificate brought. */
export type PublicKey = webcrypto.CryptoKey | CertifiedKey;

export interface KeyPair {
  readonly publicKey: webcrypto.CryptoKey;
  readonly privateKey: PrivateKey;
}

export async function generateKeyPair(): Promise<KeyPair> {
  const pair = await webcrypto.subtle.generateKey(ed25519, true, ['sign', 'verify']);
  if ('privateKey' in pair) return pair;
  throw new Error('WebCrypto made a single key where Ed25519 has a pair');
}

/** A private key as PKCS#8 in PEM, with a newline at its end. */
export async function privateKeyPem(key: PrivateKey): Promise<string> {
  return `${PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')}\n`;
}

/** Throws when the text is not an Ed25519 key in PKCS#8 PEM. */
export async function readPrivateKey(pem: string): Promise<PrivateKey> {
  return webcrypto.subtle.importKey('pkcs8', PemConverter.decodeFirst(pem), ed25519, false, ['sign']);
}

/** Both halves of a private key. Throws when the text is not an Ed25519 key in PKCS#8 PEM. */
export async function readKeyPair(pem: string): Promise<KeyPair> {
  const spki = createPublicKey(pem).export({ format: 'der', type: 'spki' });
  return {
    privateKey: await readPrivateKey(pem),
    publicKey: await webcrypto.subtle.importKey('spki', Uint8Array.from(spki), ed25519, true, ['verify']),
  };
}
