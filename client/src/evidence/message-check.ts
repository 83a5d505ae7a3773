import { verify, type X509Certificate } from 'node:crypto';
import { attachCertificate, open, type Opened } from '@muster/protocol/envelope';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { Principal } from '@muster/protocol/identity';
import {
  compressor,
  digestFor,
  readTrusted,
  signingForm,
  type RoleOf,
  type TrustedCertificate,
} from '@muster/runtime/crypto';
import type { RevokedCertificates } from '@muster/runtime/revocations';

/** Who is believed. */
export interface EvidenceTrust {
  readonly authorities: readonly X509Certificate[];
  /** What the holder of a certificate is that does not say so itself, as Puppet's do not; nobody who is believed when absent. */
  readonly roleOf?: RoleOf;
  /** Undefined when it is not looked at what was taken back. */
  readonly revocations: RevokedCertificates | undefined;
}

/** A message of a file of evidence that its holder's key has signed. */
export interface SignedBody extends Opened {
  readonly certificate: TrustedCertificate;
}

/** The most certificates that a file may have: those of a large fleet, renewed while a run went on. */
const mostCertificates = 200_000;

const dayOf = (atMs: number): string => new Date(atMs).toISOString();
const holderOf = ({ role, name }: Principal): string => `the certificate of ${role} "${name}"`;

/** The certificates that a file brings, as far as they are believed, and what they signed. */
export class MessageCheck {
  readonly #trust: EvidenceTrust;
  readonly #ders = new Map<string, Uint8Array>();
  readonly #trusted = new Map<string, Result<TrustedCertificate>>();

  constructor(trust: EvidenceTrust) {
    this.#trust = trust;
  }

  /** Takes in a certificate. Errors: `message.malformed` when it is there already, or has another fingerprint. */
  learn(fingerprint: string, der: Uint8Array, actual: string): Result<void> {
    if (actual !== fingerprint) return fail('message.malformed', 'the certificate has another fingerprint');
    if (this.#ders.has(fingerprint)) return fail('message.malformed', 'the certificate is there twice');
    if (this.#ders.size >= mostCertificates) return fail('message.malformed', 'there are too many certificates');
    this.#ders.set(fingerprint, der);
    return ok(undefined);
  }

  /** Errors: `certificate.untrusted`, `certificate.role`. */
  certificateOf(fingerprint: string): Result<TrustedCertificate> {
    const known = this.#trusted.get(fingerprint);
    if (known !== undefined) return known;
    const der = this.#ders.get(fingerprint);
    if (der === undefined) return fail('certificate.untrusted', 'the certificate that signed it is not there');
    const read = readTrusted(der, this.#trust.authorities, this.#trust.roleOf);
    this.#trusted.set(fingerprint, read);
    return read;
  }

  /** Opens what travelled. Errors: those of {@link certificateOf} and of `open`. */
  async open(signedBy: string, rest: Uint8Array): Promise<Result<SignedBody>> {
    const certificate = this.certificateOf(signedBy);
    if (!certificate.ok) return certificate;
    const { principal, publicKey } = certificate.value;
    const der = this.#ders.get(signedBy) ?? new Uint8Array();
    const frame = attachCertificate({ certificate: der, rest });
    const verifier = {
      verify: (travelled: Uint8Array, signedBytes: Uint8Array, signature: Uint8Array) => {
        // A header may tell of another length than the certificate has.
        const isWhole = Buffer.compare(travelled, der) === 0;
        const genuine = isWhole && verify(digestFor(publicKey), signedBytes, signingForm(publicKey), signature);
        const refused = fail('signature.invalid', `the signature of ${principal.name} does not fit the bytes`);
        return Promise.resolve(genuine ? ok(principal) : refused);
      },
    };
    // When it was valid is looked at once the message has said when it was signed.
    const opened = await open(frame, { verifier, compressor, nowMs: 0 });
    return opened.ok ? ok({ ...opened.value, certificate: certificate.value }) : opened;
  }

  /**
   * Whether a certificate was good at a time. One that was taken back later still is, unless somebody else may have had its key: then
   * nothing proves when something was signed. Errors: `certificate.expired`, `certificate.revoked`.
   */
  wasGood({ principal, notBeforeMs, notAfterMs, revocationKey }: TrustedCertificate, atMs: number): Result<void> {
    if (atMs < notBeforeMs || atMs > notAfterMs)
      return fail('certificate.expired', `${holderOf(principal)} was not valid at ${dayOf(atMs)}`);
    const since = this.#trust.revocations?.revoked.get(revocationKey);
    if (since === undefined || (!since.mayBeStolen && since.atMs > atMs)) return ok(undefined);
    const why = since.mayBeStolen ? ', and somebody else may have had its key' : '';
    return fail('certificate.revoked', `${holderOf(principal)} was revoked at ${dayOf(since.atMs)}${why}`);
  }
}
