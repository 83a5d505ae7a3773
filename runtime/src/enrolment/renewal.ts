import { X509Certificate } from 'node:crypto';
import type { Compressor, Signer, Verifier } from '@muster/protocol/envelope';
import { fail, faultFrom, ok, type Fault, type Result } from '@muster/protocol/errors';
import type { EnrolledRole } from '@muster/protocol/identity';
import type { Bus } from '../bus/index.ts';
import { fingerprintOf, type OwnSigner } from '../crypto/index.ts';
import type { Clock, RandomBytes } from '../effects/index.ts';
import { backdatedMs } from '../pki/index.ts';
import { openAuthorityLine } from './authority-line.ts';
import type { Holding, Renewed } from './holding.ts';

export interface RenewalOptions {
  readonly role: EnrolledRole;
  readonly name: string;
  readonly holding: Holding;
  readonly signer: OwnSigner;
  readonly verifier: Verifier;
  readonly compressor: Compressor;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  /** Whether the authority is asked for the next certificate in time; where not, only what somebody puts in place is taken. */
  readonly isAutomatic: boolean;
  /** Told when another certificate is used. */
  readonly onRenewed: (signer: Signer, expiresMs: number) => void;
  readonly onFault: (fault: Fault) => void;
}

/** A certificate that is followed by the next before it expires. */
export interface KeptCertificate {
  /**
   * Asks for the next certificate at once, and uses it; gives until when it holds, in milliseconds since the epoch. Errors: `authority.silent`, those of
   * the broker and of the holding, and whatever the authority refuses with.
   */
  renew(): Promise<Result<number>>;
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

/** When a certificate holds, in milliseconds since the epoch. */
interface Life {
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

const lifeOf = ({ validFromDate, validToDate }: X509Certificate): Life => ({
  notBeforeMs: validFromDate.getTime(),
  notAfterMs: validToDate.getTime(),
});

const lengthOf = ({ notBeforeMs, notAfterMs }: Life): number => notAfterMs - notBeforeMs - backdatedMs;

/** From when on the next certificate is due, in milliseconds since the epoch. */
export const renewalDueMs = (life: Life, share = leftShare): number => life.notAfterMs - lengthOf(life) * share;

/** Looks after a certificate and its key: takes what was put in place, and asks for the next certificate in time. */
export function keepRenewed(options: RenewalOptions): KeptCertificate {
  const { holding, role, name, signer, bus, clock } = options;
  const [lot = 0] = options.randomBytes(1);
  const askAtShare = leftShare + (lot / 255) * lotShare;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;
  let askAgainAtMs = 0;
  let asking: Promise<Result<number>> | null = null;

  const present = () => new X509Certificate(signer.certificate);

  async function adopt({ signer: next, transport }: Renewed): Promise<number> {
    const expiresMs = new X509Certificate(next.certificate).validToDate.getTime();
    signer.use(next);
    options.onRenewed(next, expiresMs);
    if (transport !== undefined) await bus.useCertificate(transport);
    return expiresMs;
  }

  async function askForNext(): Promise<Result<number>> {
    const request = await holding.request();
    if (!request.ok) return request;
    const line = await openAuthorityLine({ role, name, fingerprint: fingerprintOf(present()) }, options);
    if (!line.ok) return line;
    const answer = await line.value.ask({ kind: 'renew', request: request.value }, answerWithinMs);
    await line.value.close();
    // What cannot be certified any more must not be asked for again and again.
    if (!answer.ok && answer.error.code === 'join.key_known') await holding.giveUp();
    if (!answer.ok) return answer;
    if (answer.value.kind !== 'certificate') return fail('message.malformed', 'The authority gave no certificate');
    const taken = await holding.take(answer.value.certificate);
    return taken.ok ? ok(await adopt(taken.value)) : taken;
  }

  const renew = (): Promise<Result<number>> => (asking ??= askForNext().finally(() => (asking = null)));

  async function look(): Promise<void> {
    const replaced = await holding.replaced();
    if (!replaced.ok) options.onFault(replaced.error);
    else if (replaced.value !== undefined) await adopt(replaced.value);
    const nowMs = clock();
    const isDue = nowMs >= renewalDueMs(lifeOf(present()), askAtShare);
    if (!options.isAutomatic || !isDue || nowMs < askAgainAtMs || bus.state.status !== 'up') return;
    const leftMs = present().validToDate.getTime() - nowMs;
    askAgainAtMs = nowMs + Math.min(mostRetryMs, Math.max(leastRetryMs, leftMs * retryShare));
    const renewed = await renew();
    if (!renewed.ok) options.onFault(renewed.error);
  }

  function schedule(): void {
    timer = setTimeout(
      () => {
        void look()
          .catch((thrown: unknown) => options.onFault(faultFrom(thrown)))
          .finally(() => {
            if (!isStopped) schedule();
          });
      },
      Math.max(leastLookMs, Math.min(lookEveryMs, lengthOf(lifeOf(present())) / looksInLife)),
    );
    timer.unref();
  }

  schedule();
  return {
    renew,
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
