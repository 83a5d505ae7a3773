import { open, seal, type Compressor, type Signer, type Verifier } from '@muster/protocol/envelope';
import { enrolmentLimits, parseEnrolment, type Answer, type Enrolment } from '@muster/protocol/enrolment';
import { fail, ok, type Fault, type Result } from '@muster/protocol/errors';
import type { Principal } from '@muster/protocol/identity';
import { enrolmentExchange, enrolmentQueueName, type Applicant } from '@muster/protocol/topology';
import type { AuditTrail } from '../audit/index.ts';
import type { AuthorityFolder } from '../authority/index.ts';
import type { Bus } from '../bus/index.ts';
import { randomId } from '../crypto/index.ts';
import type { Clock, RandomBytes } from '../effects/index.ts';
import { FloodGate } from '../limits/index.ts';
import { approve, listWaiting, reject } from './approvals.ts';
import type { Case, Decided } from './case.ts';
import { Freshness } from './freshness.ts';
import { join } from './join.ts';
import { renew } from './renew.ts';
import { serviceName } from './service-certificate.ts';

export interface CounterTools {
  readonly bus: Bus;
  readonly signer: Signer;
  readonly verifier: Verifier;
  readonly compressor: Compressor;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  readonly trail: Pick<AuditTrail, 'append'>;
  readonly approvers: readonly string[];
}

/** Where an answer goes. */
interface Address {
  readonly principal: Principal;
  readonly role: Applicant;
  readonly queueId: string;
  readonly askId: string;
}

export interface Reply {
  readonly to: Address;
  readonly answer: Answer;
}

/** Whether its receiver goes to the broker with what it says, which has to know the new certificate then. */
export const isFirstCertificate = ({ to, answer }: Reply): boolean =>
  to.role === 'join' && answer.kind === 'certificate';

/** The most refused messages in a minute that are written down; of the others there is the number. */
const mostInMinute = 100;

function decide(given: Case, ask: Enrolment['ask']): Promise<Result<Decided>> | Result<Decided> {
  switch (ask.kind) {
    case 'join':
      return join(given, ask.request);
    case 'renew':
      return renew(given, ask.request);
    case 'list':
      return listWaiting(given);
    case 'approve':
      return approve(given, ask);
    case 'reject':
      return reject(given, ask.key);
  }
}

const refusal = ({ code, message, mend }: Fault): Answer => ({ kind: 'refused', code, message, mend: mend ?? null });

/** Where an authority is asked: reads messages, decides, writes down what it did, and answers who signed. */
export class Counter {
  readonly #tools: CounterTools;
  readonly #freshness = new Freshness();
  readonly #gate = new FloodGate(mostInMinute);
  /** Who waits for a decision on a key, to be told at once; they ask again in any case. */
  readonly #held = new Map<string, Address>();

  constructor(tools: CounterTools) {
    this.#tools = tools;
  }

  /** Serves messages with an authority that is open, in their order. Gives the replies, to be sent once it is closed again. */
  async serve(authority: AuthorityFolder, bodies: readonly Uint8Array[]): Promise<readonly Reply[]> {
    const replies: Reply[] = [];
    for (const body of bodies) replies.push(...(await this.#serveOne(authority, body)));
    return replies;
  }

  async send({ to, answer }: Reply): Promise<void> {
    const { bus, clock, randomBytes } = this.#tools;
    const { role, name, fingerprint } = to.principal;
    const body = await seal(
      {
        protocol: 'muster.enrolment-answer.v1',
        sender: serviceName,
        issuedAtMs: clock(),
        nonce: randomId(randomBytes),
        askId: to.askId,
        to: { role, name, fingerprint },
        answer,
      },
      this.#tools,
    );
    // An answer that is lost is asked for again.
    if (!body.ok) return;
    await bus.publish({
      exchange: enrolmentExchange,
      routingKey: enrolmentQueueName(to.role, name, to.queueId),
      body: body.value,
      persistent: false,
      mandatory: false,
    });
  }

  async #serveOne(authority: AuthorityFolder, body: Uint8Array): Promise<readonly Reply[]> {
    const read = await this.#read(body);
    if (!read.ok) {
      await this.#refuse(read.error, {});
      return [];
    }
    const { principal, message } = read.value;
    const { role, queueId, askId, ask } = message;
    const nowMs = this.#tools.clock();
    const to: Address = { principal, role, queueId, askId };
    const fresh = this.#freshness.check(message, nowMs);
    if (!fresh.ok) {
      await this.#refuse(fresh.error, { asked: ask.kind, role, name: principal.name });
      // Who replays is not worth an answer.
      return fresh.error.code === 'request.replayed' ? [] : [{ to, answer: refusal(fresh.error) }];
    }
    const decided = await decide({ authority, principal, approvers: this.#tools.approvers, nowMs }, ask);
    if (!decided.ok) {
      await this.#refuse(decided.error, { asked: ask.kind, role, name: principal.name });
      return [{ to, answer: refusal(decided.error) }];
    }
    const { answer, audit, tell } = decided.value;
    if (audit !== undefined) await this.#tools.trail.append(audit.kind, { ...audit.details });
    if (answer.kind === 'held') this.#held.set(answer.key, to);
    const waiting = tell === undefined ? undefined : this.#held.get(tell.key);
    if (tell === undefined || waiting === undefined) return [{ to, answer }];
    this.#held.delete(tell.key);
    return [
      { to, answer },
      { to: waiting, answer: tell.answer },
    ];
  }

  async #read(body: Uint8Array): Promise<Result<{ principal: Principal; message: Enrolment & { role: Applicant } }>> {
    if (body.length > enrolmentLimits.askBytes) {
      return fail('frame.oversized', `A message of ${body.length} bytes is larger than ${enrolmentLimits.askBytes}`);
    }
    const opened = await open(body, { ...this.#tools, nowMs: this.#tools.clock() });
    if (!opened.ok) return opened;
    const message = parseEnrolment(opened.value);
    return message.ok ? ok({ principal: opened.value.principal, message: message.value }) : message;
  }

  async #refuse({ code, message }: Fault, about: { asked?: string; role?: string; name?: string }): Promise<void> {
    const passedOver = this.#gate.take(this.#tools.clock());
    if (passedOver === undefined) return;
    const more = passedOver === 0 ? {} : { passedOver };
    await this.#tools.trail.append('refused', { ...about, code, reason: message, ...more });
  }
}
