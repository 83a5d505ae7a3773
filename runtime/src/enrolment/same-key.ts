import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Signer } from '@muster/protocol/envelope';
import { fail, faultFrom, ok, type Result } from '@muster/protocol/errors';
import { fingerprintOf } from '../crypto/index.ts';
import type { Clock } from '../effects/index.ts';
import { replaceSecretFile } from '../keys/index.ts';
import { requestForHeldKey } from '../pki/index.ts';
import type { Holding, Renewed } from './holding.ts';
import { checkOwnCertificate, type Holder } from './own-certificate.ts';

export interface SameKeyOptions {
  readonly holder: Holder;
  /** File of the certificate. */
  readonly certificate: string;
  /** Under which certificate is signed now. */
  readonly signer: Pick<Signer, 'certificate'>;
  /** Signs with the key, under whichever certificate. */
  readonly key: Pick<Signer, 'sign' | 'signatureBytes'>;
  /** The key, PEM, where the connection to the broker uses it too. */
  readonly transportKey: string | undefined;
  readonly clock: Clock;
}

/**
 * A certificate whose key stays when it is renewed, wherever that is: in a file, under a passphrase, in an SSH agent. What was sealed with the
 * key can still be opened, and no file of it is touched.
 */
export function sameKeyHolding({ holder, certificate, signer, key, transportKey, clock }: SameKeyOptions): Holding {
  const { publicKey } = new X509Certificate(signer.certificate);
  let seen = '';

  const use = (pem: string): Renewed => ({
    signer: {
      certificate: new X509Certificate(pem).raw,
      signatureBytes: key.signatureBytes,
      sign: (bytes) => key.sign(bytes),
    },
    transport: transportKey === undefined ? undefined : { certificate: pem, key: transportKey },
  });

  const check = (pem: string): Result<void> => checkOwnCertificate(pem, { ...holder, publicKey }, clock());

  return {
    async replaced() {
      const pem = await readFile(certificate, 'utf8').catch(() => '');
      const found = certificateIn(pem);
      if (found === undefined) return ok(undefined);
      const fingerprint = fingerprintOf(found);
      if (fingerprint === seen || fingerprint === fingerprintOf(new X509Certificate(signer.certificate)))
        return ok(undefined);
      seen = fingerprint;
      if (!found.publicKey.equals(publicKey)) {
        return fail('certificate.untrusted', `${certificate} is for another key than the one that is used here`, {
          mend: 'Start this console again.',
        });
      }
      const checked = check(pem);
      return checked.ok ? ok(use(pem)) : checked;
    },
    async request() {
      try {
        return ok(await requestForHeldKey(holder, { publicKey, sign: (bytes) => key.sign(bytes) }));
      } catch (thrown) {
        return fail(
          'key.agent',
          `The key does not sign a request for its next certificate: ${faultFrom(thrown).message}`,
        );
      }
    },
    async take(pem) {
      const checked = check(pem);
      if (!checked.ok) return checked;
      const written = await replaceSecretFile(certificate, pem);
      return written.ok ? ok(use(pem)) : written;
    },
    giveUp: () => Promise.resolve(),
  };
}

/** A certificate in PEM; undefined when it is none, such as a file that is just being written. */
function certificateIn(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}
