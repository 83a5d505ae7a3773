import { X509Certificate, type KeyObject } from 'node:crypto';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { Principal } from '@muster/protocol/identity';
import { fingerprintOf, readHolder, readTrusted, type RoleOf } from '../crypto/index.ts';

/** Whose signatures are believed. */
export type AuditTrust = (
  | /** Those of certificates that one of these authorities issued. */
    { readonly kind: 'authorities'; readonly certificates: readonly X509Certificate[] }
    /** Those of these certificates. */
  | { readonly kind: 'certificates'; readonly certificates: readonly X509Certificate[] }
  /** Those of the certificate that the first record brings, which proves nothing about who wrote it. */
  | { readonly kind: 'unchecked' }
) & {
  /** What the holder of a certificate is that does not say so itself, as Puppet's do not; nobody who is believed when absent. */
  readonly roleOf?: RoleOf;
};

/** The most certificates that a chain may bring: renewals of one holder's. */
const mostCertificates = 1000;

/** What is needed of a certificate to check what it signed. */
export interface SigningCertificate {
  readonly fingerprint: string;
  readonly publicKey: KeyObject;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

const signingOf = (certificate: X509Certificate): SigningCertificate => ({
  fingerprint: fingerprintOf(certificate),
  publicKey: certificate.publicKey,
  notBeforeMs: certificate.validFromDate.getTime(),
  notAfterMs: certificate.validToDate.getTime(),
});

/** The certificates that the records of a chain bring, as far as they are believed. All of them have one holder. */
export class SignerBook {
  readonly #trust: AuditTrust;
  readonly #keys = new Map<string, SigningCertificate>();
  #holder: Principal | undefined;

  constructor(trust: AuditTrust) {
    this.#trust = trust;
    if (trust.kind !== 'certificates') return;
    for (const certificate of trust.certificates) this.#keys.set(fingerprintOf(certificate), signingOf(certificate));
  }

  /** Whose certificates the chain has brought; undefined before the first. */
  get holder(): Principal | undefined {
    return this.#holder;
  }

  certificateOf(fingerprint: string): SigningCertificate | undefined {
    return this.#keys.get(fingerprint);
  }

  /** Takes in a certificate in DER. Errors: `certificate.untrusted`, `certificate.role`. */
  learn(der: Uint8Array): Result<string> {
    const read = this.#read(der);
    if (!read.ok) return read;
    const { certificate, holder } = read.value;
    const first = (this.#holder ??= holder);
    if (first.role !== holder.role || first.name !== holder.name) {
      return fail(
        'certificate.untrusted',
        `it is signed by ${holder.role} ${holder.name}, not by ${first.role} ${first.name}`,
      );
    }
    if (!this.#keys.has(holder.fingerprint)) {
      if (this.#trust.kind === 'unchecked' && this.#keys.size > 0)
        return fail(
          'certificate.untrusted',
          'it brings another certificate, and without the authority nothing says whose it is',
        );
      if (this.#keys.size >= mostCertificates) return fail('certificate.untrusted', 'there are too many certificates');
      this.#keys.set(holder.fingerprint, signingOf(certificate));
    }
    return ok(holder.fingerprint);
  }

  #read(der: Uint8Array): Result<{ certificate: X509Certificate; holder: Principal }> {
    let certificate: X509Certificate;
    try {
      certificate = new X509Certificate(der);
    } catch {
      return fail('certificate.untrusted', 'its certificate cannot be read');
    }
    if (this.#trust.kind === 'authorities') {
      const trusted = readTrusted(der, this.#trust.certificates, this.#trust.roleOf);
      return trusted.ok ? ok({ certificate, holder: trusted.value.principal }) : trusted;
    }
    if (this.#trust.kind === 'certificates' && !this.#keys.has(fingerprintOf(certificate)))
      return fail('certificate.untrusted', 'its certificate is not the given one');
    const holder = readHolder(certificate, this.#trust.roleOf);
    return holder.ok ? ok({ certificate, holder: holder.value }) : holder;
  }
}
