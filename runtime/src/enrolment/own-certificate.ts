import { createPrivateKey, createPublicKey, type X509Certificate } from 'node:crypto';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { EnrolledRole } from '@muster/protocol/identity';
import { keyFingerprintOf, readCertificates, readTrusted } from '../crypto/index.ts';

/** Fingerprint of the public half of a private key in PEM. Throws when it is none. */
export const fingerprintOfKey = (keyPem: string): string => keyFingerprintOf(createPublicKey(createPrivateKey(keyPem)));

/** What a certificate must be for who asked for it. */
export interface Wanted {
  readonly role: EnrolledRole;
  readonly name: string;
  readonly keyPem: string;
  /** Certificates of the authorities that are trusted, PEM. */
  readonly caPem: string;
}

/**
 * Checks that a certificate is what was asked for: of a trusted authority, for this holder and key, valid now.
 *
 * Errors: `certificate.untrusted`, `certificate.role`, `certificate.expired`, `sender.mismatch`.
 */
export function checkOwnCertificate(pem: string, { role, name, keyPem, caPem }: Wanted, nowMs: number): Result<void> {
  const authorities = readCertificates(caPem);
  if (!authorities.ok) return authorities;
  const [certificate, ...more] = readPem(pem);
  if (certificate === undefined || more.length > 0) {
    return fail('certificate.untrusted', 'The authority gave no certificate that can be read');
  }
  const trusted = readTrusted(certificate.raw, authorities.value);
  if (!trusted.ok) return trusted;
  const { principal, notBeforeMs, notAfterMs } = trusted.value;
  if (principal.role !== role || principal.name !== name) {
    const message = `It is the certificate of ${principal.role} "${principal.name}", not of ${role} "${name}"`;
    return fail('sender.mismatch', message);
  }
  if (!certificate.checkPrivateKey(createPrivateKey(keyPem))) {
    return fail('certificate.untrusted', 'The certificate is for another key than the one that was made here');
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
