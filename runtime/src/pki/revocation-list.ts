import type { Authority } from './authority.ts';
import { element, integerContent, tags } from './der.ts';
import { ed25519 } from './keys.ts';
import { validity } from './validity.ts';
import { AuthorityKeyIdentifierExtension, Extension, PemConverter, X509CrlGenerator, X509CrlReason } from './x509.ts';

/** Why a certificate may no longer be believed, in the words of RFC 5280. */
export const revocationReasons = {
  unspecified: X509CrlReason.unspecified,
  'key-compromise': X509CrlReason.keyCompromise,
  'affiliation-changed': X509CrlReason.affiliationChanged,
  superseded: X509CrlReason.superseded,
  'cessation-of-operation': X509CrlReason.cessationOfOperation,
  'privilege-withdrawn': X509CrlReason.privilegeWithdrawn,
} as const;
export type RevocationReason = keyof typeof revocationReasons;

export interface Revocation {
  /** Hexadecimal. */
  readonly serial: string;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  readonly reason: RevocationReason;
}

const crlNumberId = '2.5.29.20';
/**
 * The list, PEM, of certificates that an authority no longer stands for. `number` is above that of every earlier list; `validDays` is
 * until when the next one is promised.
 */
export async function createRevocationList(
  authority: Authority,
  {
    revoked,
    number,
    validDays,
  }: { readonly revoked: readonly Revocation[]; readonly number: number; readonly validDays: number },
): Promise<string> {
  const { notBefore, notAfter } = validity(authority.clock, validDays);
  const list = await X509CrlGenerator.create({
    issuer: authority.certificate.subject,
    thisUpdate: notBefore,
    nextUpdate: notAfter,
    signingAlgorithm: ed25519,
    signingKey: authority.signingKey,
    entries: revoked.map(({ serial, atMs, reason }) => ({
      serialNumber: serial,
      revocationDate: new Date(atMs),
      reason: revocationReasons[reason],
    })),
    extensions: [
      await AuthorityKeyIdentifierExtension.create(authority.certificate.publicKey),
      new Extension(crlNumberId, false, Uint8Array.from(element(tags.integer, integerContent(number.toString(16))))),
    ],
  });
  // The label of RFC 7468; the library's own is another.
  return `${PemConverter.encode(list.rawData, 'X509 CRL')}\n`;
}
