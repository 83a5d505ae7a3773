import { createHash, X509Certificate, type KeyObject } from 'node:crypto';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { identityPattern, roles, type Principal, type Role } from '@muster/protocol/identity';

/** What Muster reads from a certificate that a trusted authority issued. */
export interface TrustedCertificate {
  readonly principal: Principal;
  readonly publicKey: KeyObject;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  readonly revocationKey: string;
}

/**
 * The purpose (extended key usage) of certificates that show whose a connection is, and sign nothing. Of the arc for UUIDs, which nobody has to
 * be asked for.
 */
export const transportOnly = '2.25.147608502505819987481339813238257978951';

/** The value of an attribute of a certificate's subject, which Node gives as lines of `KEY=value`. */
function attribute(subject: string, key: string): string | undefined {
  const values = subject.split('\n').filter((line) => line.startsWith(`${key}=`));
  return values.length === 1 ? values[0]?.slice(key.length + 1) : undefined;
}

const isRole = (text: string | undefined): text is Role => roles.some((role) => role === text);

/** The fingerprint as a principal carries it: SHA-256 of the DER, lower-case, without colons. */
export const fingerprintOf = (certificate: X509Certificate): string =>
  certificate.fingerprint256.replaceAll(':', '').toLowerCase();

/** SHA-256 of a public key (its SubjectPublicKeyInfo in DER), hexadecimal: what people compare before they approve it. */
export const keyFingerprintOf = (publicKey: KeyObject): string =>
  createHash('sha256')
    .update(publicKey.export({ format: 'der', type: 'spki' }))
    .digest('hex');

/** A serial number, hexadecimal, as we write it: in small letters, without zeros before it. */
export const serialText = (serialNumber: string): string => serialNumber.replace(/^0+/, '').toLowerCase();

/** What a certificate is called in what its authority takes back: the authority's fingerprint and the serial number, hexadecimal. */
export const revocationKey = (authority: X509Certificate, serialNumber: string): string =>
  `${fingerprintOf(authority)} ${serialText(serialNumber)}`;

/** Which of the authorities issued a certificate. */
export const issuerOf = (
  certificate: X509Certificate,
  authorities: readonly X509Certificate[],
): X509Certificate | undefined =>
  authorities.find((authority) => certificate.checkIssued(authority) && certificate.verify(authority.publicKey));

/** Certificates from PEM, one or several. Errors: `certificate.untrusted` when there is none, or one cannot be read. */
export function readCertificates(pem: string): Result<readonly X509Certificate[]> {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  try {
    if (blocks.length > 0) return ok(blocks.map((block) => new X509Certificate(block)));
  } catch {
    // As when there is none.
  }
  return fail('certificate.untrusted', 'There is no certificate in PEM');
}

/** What the holder of a certificate is that says no role itself, by the name in it. Errors: `certificate.role`. */
export type RoleOf = (name: string) => Result<Role>;

const unnamed = (): Result<never> =>
  fail('certificate.role', 'The certificate does not say whose it is: OU must be a role and CN a name');

const collectiveUri = 'urn:muster:collective:';

/** How a certificate names a collective among its alternative names. */
export const collectiveName = (collective: string): string => `${collectiveUri}${collective}`;

/** The collectives in which a certificate counts; undefined for all. */
export function collectivesOf(certificate: X509Certificate): readonly string[] | undefined {
  const prefix = `URI:${collectiveUri}`;
  const named = (certificate.subjectAltName ?? '').split(', ').filter((name) => name.startsWith(prefix));
  return named.length === 0 ? undefined : named.map((name) => name.slice(prefix.length));
}

/** Whose a certificate says it is. Errors: `certificate.role` when it has no valid name, or neither it nor `roleOf` says a role. */
export function readHolder(certificate: X509Certificate, roleOf: RoleOf = unnamed): Result<Principal> {
  const unit = attribute(certificate.subject, 'OU');
  const name = attribute(certificate.subject, 'CN');
  if (name === undefined || !identityPattern.test(name)) return unnamed();
  const role = isRole(unit) ? ok(unit) : roleOf(name);
  if (!role.ok) return role;
  const collectives = collectivesOf(certificate);
  return ok({
    role: role.value,
    name,
    fingerprint: fingerprintOf(certificate),
    ...(collectives === undefined ? {} : { collectives }),
  });
}

/**
 * Reads a certificate and checks that one of the authorities issued it. Its time is left to the caller, who may ask again later.
 *
 * Errors: `certificate.untrusted`; `certificate.role` when its subject names no role or no valid name.
 */
export function readTrusted(
  der: Uint8Array,
  authorities: readonly X509Certificate[],
  roleOf?: RoleOf,
): Result<TrustedCertificate> {
  try {
    const certificate = new X509Certificate(der);
    const issuer = issuerOf(certificate, authorities);
    if (issuer === undefined || certificate.ca)
      return fail('certificate.untrusted', 'No trusted authority issued the certificate');
    const holder = readHolder(certificate, roleOf);
    if (!holder.ok) return holder;
    // Absent where the certificate limits its purpose to nothing, which the types do not know.
    const purposes = certificate.keyUsage as readonly string[] | undefined;
    if (purposes?.includes(transportOnly) === true)
      return fail('certificate.role', 'The certificate is for connections alone: what it signs is not believed');
    const notAfterMs = certificate.validToDate.getTime();
    return ok({
      principal: { ...holder.value, notAfterMs },
      publicKey: certificate.publicKey,
      notBeforeMs: certificate.validFromDate.getTime(),
      notAfterMs,
      revocationKey: revocationKey(issuer, certificate.serialNumber),
    });
  } catch {
    return fail('certificate.untrusted', 'The certificate cannot be read');
  }
}
