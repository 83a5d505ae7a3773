import type { Clock } from '../effects/index.ts';
import { ed25519, generateKeyPair, privateKeyPem, readPrivateKey, type PrivateKey } from './keys.ts';
import { validity } from './validity.ts';
import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from './x509.ts';

/** A certificate authority that can sign. Whoever holds one can become anybody in the fleet. */
export interface Authority {
  readonly certificatePem: string;
  /** PKCS#8; to be kept where only its owner reads. */
  readonly keyPem: string;
  readonly certificate: X509Certificate;
  readonly signingKey: PrivateKey;
  readonly clock: Clock;
}

const authorityValidDays = 3650;

/** Makes a new Ed25519 authority with a self-signed certificate that is valid for ten years. */
export async function createAuthority(options: { readonly name: string; readonly clock: Clock }): Promise<Authority> {
  const keys = await generateKeyPair();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: [{ O: ['Muster'] }, { CN: [options.name] }],
    keys,
    signingAlgorithm: ed25519,
    ...validity(options.clock, authorityValidDays),
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return {
    certificatePem: `${certificate.toString('pem')}\n`,
    keyPem: await privateKeyPem(keys.privateKey),
    certificate,
    signingKey: keys.privateKey,
    clock: options.clock,
  };
}

/** An authority from its files. Throws when they are not a certificate and an Ed25519 key in PEM. */
export async function loadAuthority(files: {
  readonly certificatePem: string;
  readonly keyPem: string;
  readonly clock: Clock;
}): Promise<Authority> {
  return {
    ...files,
    certificate: new X509Certificate(files.certificatePem),
    signingKey: await readPrivateKey(files.keyPem),
  };
}
