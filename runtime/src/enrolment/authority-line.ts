import { open, seal, type Compressor, type Signer, type Verifier } from '@muster/protocol/envelope';
import { parseEnrolmentAnswer, type Answer, type Ask, type Enrolment } from '@muster/protocol/enrolment';
import { fail, ok, type Fault, type Result } from '@muster/protocol/errors';
import {
  authorityExchange,
  authorityQueueName,
  enrolmentExchange,
  enrolmentQueue,
  enrolmentQueueName,
  type Applicant,
} from '@muster/protocol/topology';
import type { Bus, Delivery } from '../bus/index.ts';
import { randomId } from '../crypto/index.ts';
import type { Clock, RandomBytes } from '../effects/index.ts';

export interface LineTools {
  readonly bus: Bus;
  readonly signer: Signer;
  /** Believes the authority's certificate. */
  readonly verifier: Verifier;
  readonly compressor: Compressor;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  /** Told of what came and was no answer of an authority. */
  readonly onFault?: (fault: Fault) => void;
}

/** Who asks: the name and role in the signer's certificate, and that certificate's fingerprint. */
export interface Asker {
  readonly role: Applicant;
  readonly name: string;
  readonly fingerprint: string;
}

/** What was asked, and the answers to it. */
export interface Asked {
  /** The next answer; undefined when none came within so many milliseconds, or the waiting was given up. */
  next(withinMs: number, signal?: AbortSignal): Promise<Answer | undefined>;
}

/** A queue of one's own, through which an authority answers. */
export interface AuthorityLine {
  /** Errors: those of `seal` and `Bus.publish`; `authority.silent` when no authority is connected. */
  send(ask: Ask): Promise<Result<Asked>>;
  /** Sends, and waits for one answer; a refusal is an error. Errors: also `authority.silent`, and whatever it refuses with. */
  ask(ask: Ask, withinMs: number, signal?: AbortSignal): Promise<Result<Exclude<Answer, { kind: 'refused' }>>>;
  close(): Promise<void>;
}

/** How long the authority may take a message for one of now, in milliseconds. */
const ttlMs = 60_000;

/** Answers that nobody has taken yet, to one question: more are not kept. */
const keptAnswers = 10;

export const silent = (): Result<never> =>
  fail('authority.silent', 'No certificate authority took the question, or none answered in time', {
    mend: 'See that muster ca serve runs, and is connected to the same broker.',
  });

class Inbox implements Asked {
  readonly #answers: Answer[] = [];
  #wake: () => void = () => undefined;

  take(answer: Answer): void {
    if (this.#answers.length < keptAnswers) this.#answers.push(answer);
    this.#wake();
  }

  async next(withinMs: number, signal?: AbortSignal): Promise<Answer | undefined> {
    if (this.#answers.length === 0 && signal?.aborted !== true) {
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        const timer = setTimeout(wake, withinMs);
        this.#wake = wake;
        signal?.addEventListener('abort', wake);
      });
    }
    return this.#answers.shift();
  }
}

/** An answer as a result: what the authority refuses is an error. */
export const unlessRefused = (answer: Answer): Result<Exclude<Answer, { kind: 'refused' }>> =>
  answer.kind === 'refused'
    ? fail(answer.code, answer.message, answer.mend === null ? {} : { mend: answer.mend })
    : ok(answer);

/**
 * Opens a queue for answers; the bus must be up. Answers count only when an authority signed them for this very certificate and question.
 *
 * Errors: those of `Bus.subscribe`.
 */
export async function openAuthorityLine(asker: Asker, tools: LineTools): Promise<Result<AuthorityLine>> {
  const { bus, clock, randomBytes } = tools;
  const queueId = randomId(randomBytes);
  const queueName = enrolmentQueueName(asker.role, asker.name, queueId);
  const inboxes = new Map<string, Inbox>();

  async function receive(delivery: Delivery): Promise<void> {
    delivery.ack();
    const opened = await open(delivery.body, { ...tools, nowMs: clock() });
    const message = opened.ok ? parseEnrolmentAnswer(opened.value) : opened;
    if (!message.ok) {
      tools.onFault?.(message.error);
      return;
    }
    const { askId, to, answer } = message.value;
    if (to.role === asker.role && to.name === asker.name && to.fingerprint === asker.fingerprint)
      inboxes.get(askId)?.take(answer);
  }

  const subscribed = await bus.subscribe({
    queue: { name: queueName, declaration: enrolmentQueue },
    bindings: [{ exchange: enrolmentExchange, routingKey: queueName }],
    prefetch: 10,
    exclusive: true,
    onDelivery: (delivery) => void receive(delivery),
    ...(tools.onFault === undefined ? {} : { onFault: tools.onFault }),
  });
  if (!subscribed.ok) return subscribed;

  async function send(ask: Ask): Promise<Result<Asked>> {
    const askId = randomId(randomBytes);
    const message: Enrolment = {
      protocol: 'muster.enrolment.v1',
      sender: asker.name,
      issuedAtMs: clock(),
      ttlMs,
      nonce: randomId(randomBytes),
      askId,
      queueId,
      ask,
    };
    const body = await seal(message, tools);
    if (!body.ok) return body;
    const inbox = new Inbox();
    inboxes.set(askId, inbox);
    const published = await bus.publish({
      exchange: authorityExchange,
      routingKey: authorityQueueName,
      body: body.value,
      persistent: false,
      mandatory: true,
      expirationMs: ttlMs,
    });
    if (published.ok) return ok(inbox);
    inboxes.delete(askId);
    return published.error.code === 'broker.unroutable' ? silent() : published;
  }

  return ok({
    send,
    async ask(ask, withinMs, signal) {
      const asked = await send(ask);
      if (!asked.ok) return asked;
      const answer = await asked.value.next(withinMs, signal);
      return answer === undefined ? silent() : unlessRefused(answer);
    },
    close: () => subscribed.value.cancel(),
  });
}
