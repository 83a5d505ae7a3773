import { createPublicKey, type KeyObject, type X509Certificate } from 'node:crypto';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { EnrolledRole } from '@muster/protocol/identity';
import { keyFingerprintOf, readCertificates, readTrusted, type RoleOf } from '../crypto/index.ts';

/** The public half of a private key in PEM. Throws when it is none. */
export const publicKeyOf = (keyPem: string): KeyObject => createPublicKey(keyPem);

/** Fingerprint of the public half of a private key in PEM. Throws when it is none. */
export const fingerprintOfKey = (keyPem: string): string => keyFingerprintOf(publicKeyOf(keyPem));

/** Whose a certificate must be, and of whom. */
export interface Holder {
  readonly role: EnrolledRole;
  readonly name: string;
  /** Certificates of the authorities that are trusted, PEM. */
  readonly caPem: string;
  /** What the holder of a certificate is that does not say so itself; nobody who is trusted when absent. */
  readonly roleOf?: RoleOf;
}

/** What a certificate must be for who asked for it. */
export interface Wanted extends Holder {
  readonly publicKey: KeyObject;
}

/**
 * Checks that a certificate is what was asked for: of a trusted authority, for this holder and key, valid now.
 *
 * Errors: `certificate.untrusted`, `certificate.role`, `certificate.expired`, `sender.mismatch`.
 */
export function checkOwnCertificate(pem: string, wanted: Wanted, nowMs: number): Result<void> {
  const { role, name, publicKey, caPem, roleOf } = wanted;
  const authorities = readCertificates(caPem);
  if (!authorities.ok) return authorities;
  const [certificate, ...more] = readPem(pem);
  if (certificate === undefined || more.length > 0) {
    return fail('certificate.untrusted', 'The authority gave no certificate that can be read');
  }
  const trusted = readTrusted(certificate.raw, authorities.value, roleOf);
  if (!trusted.ok) return trusted;
  const { principal, notBeforeMs, notAfterMs } = trusted.value;
  if (principal.role !== role || principal.name !== name) {
    const message = `It is the certificate of ${principal.role} "${principal.name}", not of ${role} "${name}"`;
    return fail('sender.mismatch', message);
  }
  if (!certificate.publicKey.equals(publicKey)) {
    return fail('certificate.untrusted', 'The certificate is for another key than the one here');
  }
  if (nowMs >= notBeforeMs && nowMs <= notAfterMs) return ok(undefined);
  return fail('certificate.expired', 'The certificate is not valid at this time', {
    mend: 'Set the clock of this machine.',
  });
}

function readPem(pem: string): readonly X509Certificate[] {
  const read = readCertificates(pem);
  return read.ok ? read.value : [];
}
