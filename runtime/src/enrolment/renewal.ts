import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Compressor, Signer, Verifier } from '@muster/protocol/envelope';
import { fail, faultFrom, ok, type Fault, type Result } from '@muster/protocol/errors';
import type { EnrolledRole } from '@muster/protocol/identity';
import type { Bus } from '../bus/index.ts';
import { createSigner, fingerprintOf, type OwnSigner } from '../crypto/index.ts';
import type { Clock, RandomBytes } from '../effects/index.ts';
import { backdatedMs, requestFor } from '../pki/index.ts';
import { openAuthorityLine } from './authority-line.ts';
import { belongTogether, dropWaitingKey, install, waitingKey, type KeyFiles } from './key-files.ts';
import { checkOwnCertificate } from './own-certificate.ts';

export interface RenewalOptions {
  readonly role: EnrolledRole;
  readonly name: string;
  readonly files: KeyFiles;
  /** Certificates of the authorities that are trusted, PEM. */
  readonly caPem: string;
  readonly signer: OwnSigner;
  readonly verifier: Verifier;
  readonly compressor: Compressor;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  /** Whether the authority is asked for the next certificate; where not, only files that somebody puts in place are taken. */
  readonly isAutomatic: boolean;
  /** Told when another certificate is used. */
  readonly onRenewed: (signer: Signer, expiresMs: number) => void;
  readonly onFault: (fault: Fault) => void;
}

/** A certificate that is followed by the next before it expires. */
export interface KeptCertificate {
  stop(): void;
}

/** The share of its life that a certificate has left when the next one is asked for, and how much sooner that may be by lot. */
const leftShare = 1 / 3;
const lotShare = 1 / 20;

/** How often files are looked at, in milliseconds; more often for certificates that live less than an hour. */
const lookEveryMs = 10_000;
const looksInLife = 360;
const leastLookMs = 250;

/** How long an authority is waited for, in milliseconds. */
const answerWithinMs = 10_000;

/** How long after a failure is asked again: a share of what is left, within bounds in milliseconds. */
const retryShare = 1 / 20;
const [leastRetryMs, mostRetryMs] = [1000, 3_600_000];

interface Pair {
  readonly certificatePem: string;
  readonly keyPem: string;
}

/** Looks after a certificate and its key: takes files that were replaced, and asks for the next certificate in time. */
export function keepRenewed(options: RenewalOptions): KeptCertificate {
  const { files, role, name, caPem, signer, bus, clock } = options;
  const [lot = 0] = options.randomBytes(1);
  const askAtLeft = leftShare + (lot / 255) * lotShare;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;
  let askAgainAtMs = 0;
  let seen = '';

  const life = () => {
    const { validFromDate, validToDate } = new X509Certificate(signer.certificate);
    const wholeMs = validToDate.getTime() - validFromDate.getTime() - backdatedMs;
    return { wholeMs, leftMs: validToDate.getTime() - clock() };
  };

  async function adopt(pair: Pair): Promise<Result<void>> {
    const next = await createSigner(pair);
    if (!next.ok) return next;
    signer.use(next.value);
    options.onRenewed(next.value, new X509Certificate(next.value.certificate).validToDate.getTime());
    await bus.useCertificate({ certificate: pair.certificatePem, key: pair.keyPem });
    return ok(undefined);
  }

  /** Takes what somebody put in place. Files that do not fit yet are left alone: they are replaced one after the other. */
  async function takeReplaced(): Promise<Result<void>> {
    const [certificatePem, keyPem] = [await readFile(files.certificate, 'utf8'), await readFile(files.key, 'utf8')];
    const fingerprint = belongTogether(certificatePem, keyPem)
      ? fingerprintOf(new X509Certificate(certificatePem))
      : '';
    const isKnown = fingerprint === seen || fingerprint === fingerprintOf(new X509Certificate(signer.certificate));
    if (fingerprint === '' || isKnown) return ok(undefined);
    seen = fingerprint;
    const checked = checkOwnCertificate(certificatePem, { role, name, keyPem, caPem }, clock());
    return checked.ok ? adopt({ certificatePem, keyPem }) : checked;
  }

  async function askForNext(): Promise<Result<void>> {
    const key = await waitingKey(files);
    if (!key.ok) return key;
    const fingerprint = fingerprintOf(new X509Certificate(signer.certificate));
    const line = await openAuthorityLine({ role, name, fingerprint }, options);
    if (!line.ok) return line;
    const request = await requestFor(key.value, { role, name });
    const answer = await line.value.ask({ kind: 'renew', request }, answerWithinMs);
    await line.value.close();
    // A key that cannot be certified any more must not be asked for again and again.
    if (!answer.ok && answer.error.code === 'join.key_known') await dropWaitingKey(files);
    if (!answer.ok) return answer;
    if (answer.value.kind !== 'certificate') return fail('message.malformed', 'The authority gave no certificate');
    const { certificate } = answer.value;
    const checked = checkOwnCertificate(certificate, { role, name, keyPem: key.value, caPem }, clock());
    if (!checked.ok) return checked;
    const installed = await install(files, certificate);
    return installed.ok ? adopt({ certificatePem: certificate, keyPem: key.value }) : installed;
  }

  async function look(): Promise<void> {
    const taken = await takeReplaced();
    if (!taken.ok) options.onFault(taken.error);
    const { wholeMs, leftMs } = life();
    if (!options.isAutomatic || leftMs > wholeMs * askAtLeft || clock() < askAgainAtMs || bus.state.status !== 'up')
      return;
    askAgainAtMs = clock() + Math.min(mostRetryMs, Math.max(leastRetryMs, leftMs * retryShare));
    const renewed = await askForNext();
    if (!renewed.ok) options.onFault(renewed.error);
  }

  function schedule(): void {
    const waitMs = Math.max(leastLookMs, Math.min(lookEveryMs, life().wholeMs / looksInLife));
    timer = setTimeout(() => {
      void look()
        .catch((thrown: unknown) => options.onFault(faultFrom(thrown)))
        .finally(() => {
          if (!isStopped) schedule();
        });
    }, waitMs);
    timer.unref();
  }

  schedule();
  return {
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
