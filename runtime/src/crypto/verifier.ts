import { createHash, verify } from 'node:crypto';
import { promisify } from 'node:util';
import type { Verifier } from '@muster/protocol/envelope';
import { fail, ok, unwrap, type Result } from '@muster/protocol/errors';
import { readCertificates, readTrusted, type RoleOf, type TrustedCertificate } from './certificate.ts';
import { digestFor, signingForm } from './signer.ts';

// With a callback Node verifies on its thread pool, so that many replies are checked beside the main thread.
const verifyAsync = promisify<string | null, Uint8Array, ReturnType<typeof signingForm>, Uint8Array, boolean>(verify);

/** The most certificates remembered: those of a fleet of the size that Muster is made for, and some. */
const rememberedCertificates = 100_000;

/** Tells which certificates their authorities took back, by `revocationKey`. */
export interface RevokedKeys {
  /** Sees to it that the answers are of now. */
  refresh(): Promise<void>;
  has(key: string): boolean;
}

/**
 * Believes what certificates of the given authorities sign. Certificates are read once and remembered; `revocations` are asked each
 * time. Throws when there is no certificate in the PEM of an authority.
 */
export function createVerifier(options: {
  readonly caPem: string | readonly string[];
  readonly revocations?: RevokedKeys;
  /** What holders are whose certificates do not say so; nobody is anything when absent. */
  readonly roleOf?: RoleOf;
}): Verifier {
  const authorities = [options.caPem].flat().flatMap((pem) => unwrap(readCertificates(pem)));
  const remembered = new Map<string, TrustedCertificate>();

  function trusted(der: Uint8Array): Result<TrustedCertificate> {
    const key = createHash('sha256').update(der).digest('base64');
    const known = remembered.get(key);
    if (known !== undefined) return ok(known);
    const read = readTrusted(der, authorities, options.roleOf);
    if (!read.ok) return read;
    if (remembered.size >= rememberedCertificates) {
      const [oldest] = remembered.keys();
      if (oldest !== undefined) remembered.delete(oldest);
    }
    remembered.set(key, read.value);
    return read;
  }

  return {
    async verify(der, signedBytes, signature, nowMs) {
      const certificate = trusted(der);
      if (!certificate.ok) return certificate;
      const { notBeforeMs, notAfterMs, publicKey, principal, revocationKey } = certificate.value;
      if (nowMs < notBeforeMs || nowMs > notAfterMs) {
        return fail(
          'certificate.expired',
          `The certificate of ${principal.role} "${principal.name}" is not valid at this time`,
        );
      }
      await options.revocations?.refresh();
      if (options.revocations?.has(revocationKey) === true) {
        return fail('certificate.revoked', `The certificate of ${principal.role} "${principal.name}" was revoked`);
      }
      const genuine = await verifyAsync(digestFor(publicKey), signedBytes, signingForm(publicKey), signature);
      return genuine
        ? ok(principal)
        : fail('signature.invalid', `The signature of ${principal.role} "${principal.name}" does not fit the bytes`);
    },
  };
}
