import type { X509Certificate } from 'node:crypto';
import { fail, faultFrom, ok, type Result } from '@muster/protocol/errors';
import { revocationKey } from '../crypto/index.ts';

/** What a list says of one certificate. */
export interface RevokedSince {
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  /** Somebody else may have had the key, also before that: the list says so, or gives no reason. */
  readonly mayBeStolen: boolean;
}

/** What lists say that authorities signed. */
export interface RevokedCertificates {
  /** By `revocationKey`. */
  readonly revoked: ReadonlyMap<string, RevokedSince>;
  /** When the first of the lists should have been followed by another, in milliseconds since the epoch; null when none says so. */
  readonly nextUpdateMs: number | null;
}

const unusable = (why: string): Result<never> =>
  fail('revocations.unreadable', `The list of revoked certificates cannot be used: ${why}`);

/**
 * Reads one or several lists (CRLs in PEM), each signed by one of the authorities.
 *
 * Errors: `revocations.unreadable`.
 */
export async function readRevocationLists(
  pem: string,
  authorities: readonly X509Certificate[],
): Promise<Result<RevokedCertificates>> {
  // Most processes have no list, and need not hold the library.
  const x509 = await import('../pki/x509.ts');
  try {
    const revoked = new Map<string, RevokedSince>();
    const { X509CrlReason: reasons } = x509;
    const harmless: readonly (number | undefined)[] = [
      reasons.affiliationChanged,
      reasons.superseded,
      reasons.cessationOfOperation,
      reasons.privilegeWithdrawn,
    ];
    let nextUpdateMs: number | null = null;
    const lists = x509.PemConverter.decodeWithHeaders(pem).filter(({ type }) => type === 'X509 CRL');
    if (lists.length === 0) return unusable('there is none in PEM');
    for (const { rawData } of lists) {
      const list = new x509.X509Crl(rawData);
      let issuer: X509Certificate | undefined;
      for (const authority of authorities) {
        const publicKey = new x509.X509Certificate(authority.raw);
        if (list.issuer === publicKey.subject && (await list.verify({ publicKey }))) issuer = authority;
      }
      if (issuer === undefined) return unusable('no trusted authority signed it');
      for (const { serialNumber, revocationDate, reason } of list.entries) {
        const since = { atMs: revocationDate.getTime(), mayBeStolen: !harmless.includes(reason) };
        revoked.set(revocationKey(issuer, serialNumber), since);
      }
      if (list.nextUpdate !== undefined) {
        nextUpdateMs = Math.min(nextUpdateMs ?? Infinity, list.nextUpdate.getTime());
      }
    }
    return ok({ revoked, nextUpdateMs });
  } catch (thrown) {
    return unusable(faultFrom(thrown).message);
  }
}
