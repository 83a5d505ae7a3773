import type { Compressor, Verifier } from '@muster/protocol/envelope';
import type { Request } from '@muster/protocol/messages';
import type { Delivery } from '@muster/runtime/bus';
import { admit, type AdmissionParts, type Chosen } from './admit.ts';
import { checkWindow } from './checks.ts';
import type { FaultLog } from './fault-log.ts';
import type { Gate } from '../limits/gate.ts';
import { receive } from './incoming.ts';
import type { Journal, Standing } from './journal.ts';
import { refusal, type Refusal } from './refusal.ts';
import type { Answer, ReplySender } from './reply-sender.ts';
import { runAction, type Verdict } from './run-action.ts';

/** What the handling of requests works with. */
export interface HandlerParts extends AdmissionParts {
  readonly verifier: Verifier;
  readonly compressor: Compressor;
  readonly faultLog: FaultLog;
  readonly journal: Journal;
  readonly gate: Gate;
  readonly replies: ReplySender;
  /** What runs now; shown by `rpcutil daemon_stats`. */
  readonly running: Set<Request>;
  /** Aborted when running actions must end because the agent stops. */
  readonly stop: AbortSignal;
}

export interface RequestHandler {
  /** Deals with one delivery, and acknowledges it when nothing more is to be done for it. Never throws. */
  handle(delivery: Delivery): Promise<void>;
}

interface Ending {
  readonly verdict: Verdict;
  readonly startedAtMs: number | null;
  readonly finishedAtMs: number | null;
}

const refused = ({ outcome, statusCode, statusMessage }: Refusal): Ending => ({
  verdict: { outcome, statusCode, statusMessage: statusMessage.slice(0, 4096), data: {} },
  startedAtMs: null,
  finishedAtMs: null,
});

const interruptedText =
  'The agent stopped while the action ran, or before its outcome could be sent; it is not run again';

/** How a request that was met before is answered; not at all while its answer is on the way. */
function repeated(standing: Exclude<Standing, 'new'>, redelivered: boolean): Ending | undefined {
  if (standing === 'running') return undefined;
  if (standing === 'interrupted')
    return refused({ ...refusal('request.replayed', interruptedText), outcome: 'interrupted', statusCode: 5 });
  if (standing === 'full')
    return refused(refusal('request.replayed', 'The node remembers as many requests as it can; try again later'));
  return redelivered
    ? undefined
    : refused(refusal('request.replayed', 'The request was seen before and is not carried out again'));
}

/**
 * Handles what arrives at a node, in this order: decode, verify signature and caller, time window, replay, collective,
 * filter (silence here alone: the node was not asked), agent and action, inputs, policy, audit, journal, run, reply.
 */
export function createRequestHandler(parts: HandlerParts): RequestHandler {
  const { clock, counters, faultLog, journal, replies, running } = parts;
  /** Deliveries of requests whose answer is on the way; they are acknowledged once it has been sent. */
  const unanswered = new Map<string, Delivery[]>();
  const keyOf = (request: Request): string => `${request.sender} ${request.requestId}`;

  function count({ code, outcome, statusMessage }: Refusal, request: Request): void {
    if (outcome === 'expired') counters.ttlexpired++;
    else if (outcome === 'skewed') counters.skewed++;
    else counters.refused++;
    faultLog.note({ code, message: statusMessage }, { caller: request.caller, requestId: request.requestId });
  }

  /** True when the answer has been taken by the broker or none is wanted. */
  async function answer(request: Request, ending: Ending, receivedAtMs: number, persistent = true): Promise<boolean> {
    const { requestId, agent, action, collective, replyTo } = request;
    if (replyTo === null) return true;
    const { verdict, startedAtMs, finishedAtMs } = ending;
    const timings = { receivedAtMs, startedAtMs, finishedAtMs };
    // Nodes answer on the collective they heard the request on, or on their own when it is not one of theirs.
    const common = parts.node.collectives.includes(collective) ? collective : parts.node.collectives[0];
    return send({ requestId, agent, action, ...verdict, timings }, { collective: common, replyTo, persistent });
  }

  async function send(reply: Answer, address: Parameters<ReplySender['send']>[1]): Promise<boolean> {
    const sent = await replies.send(reply, address);
    if (sent) counters.replies++;
    return sent;
  }

  async function carryOut(request: Request, { plugin, definition, action }: Chosen): Promise<Ending> {
    const run = async (): Promise<Ending> => {
      const startedAtMs = clock();
      running.add(request);
      try {
        const verdict = await runAction(plugin, definition, action, request, parts);
        return { verdict, startedAtMs, finishedAtMs: clock() };
      } finally {
        running.delete(request);
      }
    };
    if (plugin.open) return run();
    const whenItsTurn = (): Promise<Ending> =>
      parts.gate.run(async () => {
        // What only reads may run again after a crash, so nothing needs to be remembered of it.
        const begun = definition.effect === 'read' ? undefined : await journal.begin(request);
        return begun?.ok === false ? refused(refusal('storage.failed', begun.error.message)) : run();
      });
    // Whoever waits for the agent's own turn takes no place of the node's.
    return plugin.gate === undefined ? whenItsTurn() : plugin.gate.run(whenItsTurn);
  }

  async function process(request: Request, receivedAtMs: number): Promise<boolean> {
    const admission = await admit(request, parts);
    if (admission.kind === 'not_asked') return true;
    if (admission.kind === 'refused') {
      count(admission.refusal, request);
      return answer(request, refused(admission.refusal), receivedAtMs);
    }
    const ending = await carryOut(request, admission.chosen);
    return answer(request, ending, receivedAtMs, !admission.chosen.plugin.open);
  }

  async function meetFirst(request: Request, delivery: Delivery, receivedAtMs: number): Promise<void> {
    const deliveries = [delivery];
    unanswered.set(keyOf(request), deliveries);
    try {
      // What could not be sent stays with the broker, which delivers it to the next process.
      if (!(await process(request, receivedAtMs))) return;
      await journal.finish(request);
      for (const each of deliveries) each.ack();
    } catch (thrown) {
      parts.logger.error(
        { event: 'internal', requestId: request.requestId, err: thrown },
        'a request could not be handled',
      );
      const ending = refused({
        code: 'internal',
        outcome: 'failed',
        statusCode: 5,
        statusMessage: 'The node could not handle the request; its log says why',
      });
      if (await answer(request, ending, receivedAtMs)) delivery.ack();
    } finally {
      unanswered.delete(keyOf(request));
    }
  }

  async function handleRequest(request: Request, delivery: Delivery, receivedAtMs: number): Promise<void> {
    const untimely = checkWindow(request, receivedAtMs);
    if (untimely !== undefined) {
      count(untimely, request);
      if (await answer(request, refused(untimely), receivedAtMs)) delivery.ack();
      return;
    }
    const standing = journal.admit(request);
    if (standing === 'new') return meetFirst(request, delivery, receivedAtMs);
    counters.replayed++;
    faultLog.note(
      { code: 'request.replayed', message: `A request of ${request.caller} was seen before` },
      { requestId: request.requestId },
    );
    const waiting = unanswered.get(keyOf(request));
    if (waiting !== undefined) {
      waiting.push(delivery);
      return;
    }
    const ending = repeated(standing, delivery.redelivered);
    if (ending !== undefined && !(await answer(request, ending, receivedAtMs))) return;
    if (standing === 'interrupted') await journal.finish(request);
    delivery.ack();
  }

  async function handleDelivery(delivery: Delivery): Promise<void> {
    const receivedAtMs = clock();
    counters.total++;
    const { verifier, compressor, node } = parts;
    const incoming = await receive(delivery.body, { verifier, compressor, nowMs: receivedAtMs });
    if (incoming.ok && incoming.value.kind === 'request') {
      counters.validated++;
      return handleRequest(incoming.value.request, delivery, receivedAtMs);
    }
    counters.unvalidated++;
    if (!incoming.ok) faultLog.note(incoming.error);
    else if (incoming.value.kind === 'answerable') {
      const { requestId, replyTo, reason } = incoming.value;
      faultLog.note({ code: 'message.malformed', message: reason });
      const { verdict } = refused(refusal('message.malformed', reason));
      const timings = { receivedAtMs, startedAtMs: null, finishedAtMs: null };
      await send(
        { requestId, agent: 'unknown', action: '', ...verdict, timings },
        { collective: node.collectives[0], replyTo, persistent: true },
      );
    }
    delivery.ack();
  }

  return {
    async handle(delivery) {
      try {
        await handleDelivery(delivery);
      } catch (thrown) {
        parts.logger.error({ event: 'internal', err: thrown }, 'a request could not be handled');
        delivery.ack();
      }
    },
  };
}
