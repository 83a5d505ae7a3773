import { X509Certificate } from 'node:crypto';
import type { Signer } from '@muster/protocol/envelope';
import { fail, type Result } from '@muster/protocol/errors';
import { renewalDueMs, type KeptCertificate } from '@muster/runtime/enrolment';

/** The certificate of this console. Times are in milliseconds since the epoch. */
export interface OwnCertificate {
  readonly notAfterMs: number;
  /** From when on the next one is due. */
  readonly renewalDueMs: number;
  /**
   * Has the authority give the next one for the same key, puts it in place and uses it; gives until when it holds. A console that stays open does so
   * in time by itself. Errors: `authority.silent`, `renewal.too_many`, `certificate.untrusted` when the authority does not know this one,
   * `file.unwritable`, `key.agent`, those of the broker.
   */
  renew(): Promise<Result<number>>;
}

/** The certificate of a signer, and what keeps it. */
export function ownCertificate(
  signer: Pick<Signer, 'certificate'>,
  kept: Pick<KeptCertificate, 'renew'> | undefined,
): OwnCertificate {
  const life = () => {
    const { validFromDate, validToDate } = new X509Certificate(signer.certificate);
    return { notBeforeMs: validFromDate.getTime(), notAfterMs: validToDate.getTime() };
  };
  return {
    get notAfterMs() {
      return life().notAfterMs;
    },
    get renewalDueMs() {
      return renewalDueMs(life());
    },
    renew: () =>
      kept?.renew() ?? Promise.resolve(fail('broker.closed', 'Without the broker no authority can be asked')),
  };
}
