import type { Compressor, Verifier } from '@muster/protocol/envelope';
import type { Fault } from '@muster/protocol/errors';
import type { Request } from '@muster/protocol/messages';
import type { Delivery } from '@muster/runtime/bus';
import { admit, type AdmissionParts } from './admit.ts';
import { askedBy, cancelledBefore, notHandled, refused } from './answer.ts';
import { carryOut, isRemembered, type CarryingOut } from './carry-out.ts';
import { checkWindow } from './checks.ts';
import type { FaultLog } from './fault-log.ts';
import { receive, type Incoming } from './incoming.ts';
import { interrupted, keyOf, type Answered, type Ending } from './journal/index.ts';
import { LiveRequest } from './live-request.ts';
import { createNotices } from './notices.ts';
import { refusal, type Refusal } from './refusal.ts';
import type { ReplySender } from './reply-sender.ts';

/** What the handling of requests works with. */
export interface HandlerParts extends AdmissionParts, CarryingOut {
  readonly verifier: Verifier;
  readonly compressor: Compressor;
  readonly faultLog: FaultLog;
  readonly replies: ReplySender;
  /** The requests on which there is no verdict yet, by `keyOf`; this handler fills it. */
  readonly live: Map<string, LiveRequest>;
  /** Aborted when running actions must end because the agent stops. */
  readonly stop: AbortSignal;
}

export interface RequestHandler {
  /** Deals with one delivery, and acknowledges it when nothing more is to be done for it. Never throws. */
  handle(delivery: Delivery): Promise<void>;
  /** Sends the answers of earlier processes that have not arrived. Never throws. */
  recover(): Promise<void>;
}

/** How a request ends, and how it is answered. */
interface Decided {
  readonly ending: Ending;
  /** Whether later processes must know the answer, since otherwise they might carry the request out. */
  readonly keep: 'durably' | 'in memory';
  /** Whether the answer survives a restart of the broker. */
  readonly persistent: boolean;
  readonly isRefused?: true;
}

const lostText =
  "The node's journal was damaged when the agent started, so the request may have been carried out before; it is not run again";

const lost: Decided = { ending: interrupted(null, lostText), keep: 'durably', persistent: true };

const fullText = 'The node remembers as many requests as it can; try again later';

/** Answers of an earlier process that are on their way at once: one whose queue is gone is tried for seconds. */
const recoveredAtOnce = 50;

/**
 * Handles what arrives at a node, in this order: decode, verify signature and caller, journal (what is known is answered as
 * before, and never run again), time window, collective, filter (silence here alone: the node was not asked), agent and action,
 * inputs, policy, audit, journal, acknowledgement, run, journal, reply.
 */
export function createRequestHandler(parts: HandlerParts): RequestHandler {
  const { audit, clock, counters, faultLog, journal, logger, replies, live: lives, node } = parts;
  const notices = createNotices(replies);
  parts.stop.addEventListener('abort', () => {
    const reason = parts.stop.reason instanceof Error ? parts.stop.reason : new Error('stopped');
    for (const live of lives.values()) live.abort(reason);
  });

  function count({ code, outcome, statusMessage }: Refusal, request: Request): void {
    if (outcome === 'expired') counters.ttlexpired++;
    else if (outcome === 'skewed') counters.skewed++;
    else counters.refused++;
    faultLog.note({ code, message: statusMessage }, { caller: request.caller, requestId: request.requestId });
  }

  /** False when the bus was closed before the broker had the answer, so that the next process must see to it. */
  async function deliver(key: string, { asked, ending }: Answered, persistent = true): Promise<boolean> {
    const { requestId, agent, action, collective, replyTo, receivedAtMs } = asked;
    if (replyTo === null) return true;
    const { startedAtMs, finishedAtMs, ...verdict } = ending;
    const timings = { receivedAtMs, startedAtMs, finishedAtMs };
    const end = await replies.send(
      { requestId, agent, action, ...verdict, timings },
      { collective, replyTo, persistent },
    );
    if (end === 'taken') {
      counters.replies++;
      journal.sent(key);
    }
    return end !== 'closed';
  }

  /** Whether it asks for what may as well run again; undefined when this node does not know what it asks for. */
  function isHarmless({ agent, action }: Request): boolean | undefined {
    const plugin = parts.agents.get(agent);
    const definition = plugin?.ddl.actions.find(({ name }) => name === action);
    return plugin && definition && !isRemembered({ plugin, definition });
  }

  /** Whether an earlier process may have carried it out, of which no record is left. */
  const mayHaveRun = (request: Request): boolean => isHarmless(request) === false && journal.mayHaveBegun(request);

  /** Counts and audits a refusal. What the policy denied is in the audit already. */
  async function noteRefusal(request: Request, why: Refusal): Promise<void> {
    count(why, request);
    if (why.code === 'request.denied') return;
    await audit.record(request, undefined, { allowed: false, code: why.code, reason: why.statusMessage });
  }

  async function refuse(request: Request, why: Refusal): Promise<Decided> {
    await noteRefusal(request, why);
    return {
      ending: refused(why),
      keep: isHarmless(request) === true ? 'in memory' : 'durably',
      persistent: true,
      isRefused: true,
    };
  }

  async function decide(live: LiveRequest): Promise<Decided | 'not_asked' | 'left'> {
    const { request, asked } = live;
    const untimely = checkWindow(request, asked.receivedAtMs);
    if (untimely !== undefined) return mayHaveRun(request) ? lost : refuse(request, untimely);
    const admission = await admit(request, parts);
    if (admission.kind === 'not_asked') return 'not_asked';
    if (admission.kind === 'refused') return refuse(request, admission.refusal);
    const { chosen } = admission;
    if (mayHaveRun(request)) return lost;
    const ending = await carryOut(live, chosen, parts);
    if (ending === 'left') return 'left';
    return { ending, keep: isRemembered(chosen) ? 'durably' : 'in memory', persistent: !chosen.plugin.open };
  }

  async function decideSafely(live: LiveRequest): Promise<Decided | 'not_asked' | 'left'> {
    const cancelled = live.cancelled.then((ending): Decided => ({ ending, keep: 'durably', persistent: true }));
    try {
      return await Promise.race([decide(live), cancelled]);
    } catch (thrown) {
      const { requestId } = live.request;
      logger.error({ event: 'internal', requestId, err: thrown }, 'a request could not be handled');
      return { ending: notHandled, keep: 'durably', persistent: true };
    }
  }

  async function settle(live: LiveRequest, { ending, keep, persistent, isRefused }: Decided): Promise<void> {
    const { request, asked } = live;
    const key = keyOf(request);
    const answered = { asked, ending };
    // What is refused is in the audit with its reason, and being found is not audited.
    if (!isRefused && parts.agents.get(request.agent)?.open !== true) await audit.ended(request, ending);
    const isKept = await journal.conclude(request, answered, keep);
    lives.delete(key);
    if (isKept) live.acknowledge();
    // What could not be sent and is not in the journal stays with the broker, which delivers it to the next process.
    if (await deliver(key, answered, persistent)) live.acknowledge();
  }

  async function meetFirst(live: LiveRequest, given?: Ending): Promise<void> {
    const { request } = live;
    lives.set(keyOf(request), live);
    const unwatch = notices.watch(live);
    try {
      const decided = given
        ? ({ ending: given, keep: 'durably', persistent: true } satisfies Decided)
        : await decideSafely(live);
      unwatch();
      if (typeof decided === 'object') {
        await settle(live, decided);
        return;
      }
      journal.forget(request);
      if (decided === 'not_asked') live.acknowledge();
    } finally {
      unwatch();
      lives.delete(keyOf(request));
    }
  }

  function meetAgain(request: Request, delivery: Delivery): void {
    const live = lives.get(keyOf(request));
    // Otherwise the verdict is just being written down, and with it the delivery is dealt with.
    if (live === undefined) {
      delivery.ack();
      return;
    }
    live.join(delivery);
    notices.repeat(live);
  }

  async function handleRequest(request: Request, delivery: Delivery, receivedAtMs: number): Promise<void> {
    const asked = askedBy(request, receivedAtMs, node.collectives);
    const standing = journal.meet(request);
    if (standing.kind === 'new') return meetFirst(new LiveRequest(request, asked, delivery));
    if (standing.kind === 'cancelled') {
      return meetFirst(new LiveRequest(request, asked, delivery), cancelledBefore(standing.by));
    }
    if (standing.kind === 'full') {
      const why = refusal('request.replayed', fullText);
      await noteRefusal(request, why);
      if (await deliver(keyOf(request), { asked, ending: refused(why) })) delivery.ack();
      return;
    }
    counters.replayed++;
    logger.debug(
      { event: 'request.repeated', requestId: request.requestId, standing: standing.kind },
      'a request came again',
    );
    if (parts.agents.get(request.agent)?.open !== true) await audit.repeated(request);
    if (standing.kind === 'running') {
      meetAgain(request, delivery);
      return;
    }
    const { asked: first, ending } = standing.answered;
    if (await deliver(keyOf(request), { asked: { ...first, replyTo: request.replyTo }, ending })) delivery.ack();
  }

  /** Tells a person whose message is no request why it is none. */
  async function answerMalformed(
    { requestId, replyTo, reason }: Extract<Incoming, { kind: 'answerable' }>,
    receivedAtMs: number,
  ) {
    const fault: Fault = { code: 'message.malformed', message: reason };
    faultLog.note(fault);
    await audit.rejected(fault);
    const { startedAtMs, finishedAtMs, ...verdict } = refused(refusal('message.malformed', reason));
    const timings = { receivedAtMs, startedAtMs, finishedAtMs };
    const answer = { requestId, agent: 'unknown', action: '', ...verdict, timings };
    const end = await replies.send(answer, { collective: node.collectives[0], replyTo, persistent: true });
    if (end === 'taken') counters.replies++;
  }

  async function handleDelivery(delivery: Delivery): Promise<void> {
    const receivedAtMs = clock();
    counters.total++;
    const { verifier, compressor } = parts;
    const incoming = await receive(delivery.body, { verifier, compressor, nowMs: receivedAtMs });
    if (incoming.ok && incoming.value.kind === 'request') {
      counters.validated++;
      return handleRequest(incoming.value.request, delivery, receivedAtMs);
    }
    counters.unvalidated++;
    if (!incoming.ok) {
      faultLog.note(incoming.error);
      await audit.rejected(incoming.error);
    } else if (incoming.value.kind === 'answerable') await answerMalformed(incoming.value, receivedAtMs);
    delivery.ack();
  }

  return {
    async handle(delivery) {
      try {
        await handleDelivery(delivery);
      } catch (thrown) {
        logger.error({ event: 'internal', err: thrown }, 'a request could not be handled');
        delivery.ack();
      }
    },
    async recover() {
      const unsent = journal.unsent();
      if (unsent.length === 0) return;
      logger.info({ event: 'requests.recovered', answers: unsent.length }, 'answers of an earlier process are sent');
      const waiting = unsent.values();
      const deliverNext = async (): Promise<void> => {
        for (const { key, ...answered } of waiting) if (!(await deliver(key, answered))) return;
      };
      try {
        await Promise.all(Array.from({ length: recoveredAtOnce }, deliverNext));
      } catch (thrown) {
        logger.error({ event: 'internal', err: thrown }, 'answers of an earlier process could not be sent');
      }
    },
  };
}
