import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Signer } from '@muster/protocol/envelope';
import { ok, type Result } from '@muster/protocol/errors';
import { createSigner, fingerprintOf } from '../crypto/index.ts';
import type { Clock } from '../effects/index.ts';
import { requestFor } from '../pki/index.ts';
import type { Holding, Renewed } from './holding.ts';
import { belongTogether, dropWaitingKey, install, waitingKey, type KeyFiles } from './key-files.ts';
import { checkOwnCertificate, publicKeyOf, type Holder } from './own-certificate.ts';

export interface FreshKeyOptions {
  readonly holder: Holder;
  readonly files: KeyFiles;
  /** Who signs now. */
  readonly signer: Pick<Signer, 'certificate'>;
  readonly clock: Clock;
}

/** A certificate and key in files that this process writes: the next certificate comes with a key of its own. */
export function freshKeyHolding({ holder, files, signer, clock }: FreshKeyOptions): Holding {
  let seen = '';

  async function use(certificatePem: string, keyPem: string): Promise<Result<Renewed>> {
    const next = await createSigner({ certificatePem, keyPem });
    return next.ok ? ok({ signer: next.value, transport: { certificate: certificatePem, key: keyPem } }) : next;
  }

  const check = (certificatePem: string, keyPem: string): Result<void> =>
    checkOwnCertificate(certificatePem, { ...holder, publicKey: publicKeyOf(keyPem) }, clock());

  return {
    async replaced() {
      const [certificatePem, keyPem] = [await readFile(files.certificate, 'utf8'), await readFile(files.key, 'utf8')];
      if (!belongTogether(certificatePem, keyPem)) return ok(undefined);
      const fingerprint = fingerprintOf(new X509Certificate(certificatePem));
      if (fingerprint === seen || fingerprint === fingerprintOf(new X509Certificate(signer.certificate)))
        return ok(undefined);
      seen = fingerprint;
      const checked = check(certificatePem, keyPem);
      return checked.ok ? use(certificatePem, keyPem) : checked;
    },
    async request() {
      const key = await waitingKey(files);
      return key.ok ? ok(await requestFor(key.value, holder)) : key;
    },
    async take(certificatePem) {
      const key = await waitingKey(files);
      if (!key.ok) return key;
      const checked = check(certificatePem, key.value);
      if (!checked.ok) return checked;
      const installed = await install(files, certificatePem);
      return installed.ok ? use(certificatePem, key.value) : installed;
    },
    giveUp: () => dropWaitingKey(files),
  };
}
