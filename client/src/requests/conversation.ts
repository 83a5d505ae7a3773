import { open, seal } from '@muster/protocol/envelope';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { callerOf } from '@muster/protocol/identity';
import { parseReply, type Reply, type Request } from '@muster/protocol/messages';
import { exchangeName, replyQueue, replyQueueName } from '@muster/protocol/topology';
import type { Delivery, Publication } from '@muster/runtime/bus';
import { randomId } from '@muster/runtime/crypto';
import type { Effects } from '../effects.ts';
import type { RejectLog } from './reject-log.ts';

/** A reply whose signature, sender and request id are right. */
export interface VerifiedReply {
  readonly reply: Reply;
  readonly arrivedAtMs: number;
  /** Fingerprint of the certificate that signed it. */
  readonly signedBy: string;
  /** Tells the broker that the reply is safe; it is delivered again otherwise. */
  acknowledge(): void;
}

export interface ConversationOrder {
  readonly requestId: string;
  readonly collective: string;
  readonly agent: string;
  readonly action: string;
  readonly inputs: Request['inputs'];
  /** Canonical text of the filter that decides a broadcast. */
  readonly filter: string;
  readonly ttlMs: number;
  /** Null when nobody shall answer. */
  readonly onReply: ((reply: VerifiedReply) => void) | null;
}

/** One request id, the queue of its answers, and the ways to send it. */
export interface Conversation {
  /** Reaches every node of the collective that has the agent. Errors: those of `seal` and `Bus.publish`. */
  broadcast(): Promise<Result<void>>;
  /** Reaches one node. Errors: also `broker.unroutable` when the broker knows no such node. */
  direct(identity: string): Promise<Result<void>>;
  /** Deletes the queue; whatever comes later is lost. */
  end(): Promise<void>;
}

/** Opens conversations in one person's name. */
export type Converse = (order: ConversationOrder) => Promise<Result<Conversation>>;

/** Replies that may be under way in this process: enough to keep the threads busy that verify them. */
const prefetch = 2000;

/** How much longer than its time to live the broker keeps a request for a node, in milliseconds: as MCollective does. */
const expirationMarginMs = 10_000;

async function read(delivery: Delivery, order: ConversationOrder, effects: Effects): Promise<Result<VerifiedReply>> {
  const arrivedAtMs = effects.clock();
  const opened = await open(delivery.body, {
    verifier: effects.verifier,
    compressor: effects.compressor,
    nowMs: arrivedAtMs,
  });
  if (!opened.ok) return opened;
  const reply = parseReply(opened.value);
  if (!reply.ok) return reply;
  if (reply.value.requestId !== order.requestId) {
    return fail('message.malformed', `"${reply.value.sender}" answered another request than this queue is for`);
  }
  return ok({
    reply: reply.value,
    arrivedAtMs,
    signedBy: opened.value.principal.fingerprint,
    acknowledge: () => delivery.ack(),
  });
}

/** Conversations over a bus; `person` must be the name in the signer's certificate. */
export function createConverse(person: string, effects: Effects, rejects: RejectLog): Converse {
  return async (order) => {
    const queueName = replyQueueName(person, order.requestId);
    let hasEnded = false;

    async function receive(delivery: Delivery): Promise<void> {
      const reply = await read(delivery, order, effects);
      if (hasEnded) return;
      if (reply.ok) {
        order.onReply?.(reply.value);
        return;
      }
      rejects.note(reply.error, { requestId: order.requestId, agent: order.agent });
      delivery.ack();
    }

    async function send(target: string | null): Promise<Result<void>> {
      const request: Request = {
        protocol: 'muster.request.v1',
        sender: person,
        collective: order.collective,
        issuedAtMs: effects.clock(),
        ttlMs: order.ttlMs,
        nonce: randomId(effects.randomBytes),
        requestId: order.requestId,
        caller: callerOf(person),
        agent: order.agent,
        action: order.action,
        inputs: order.inputs,
        target,
        filter: target === null ? order.filter : '',
        replyTo: order.onReply === null ? null : queueName,
      };
      const body = await seal(request, effects);
      if (!body.ok) return body;
      const common = { body: body.value, persistent: true, expirationMs: order.ttlMs + expirationMarginMs };
      const publication: Publication =
        target === null
          ? {
              ...common,
              exchange: exchangeName(order.collective, 'broadcast'),
              routingKey: order.agent,
              mandatory: false,
            }
          : { ...common, exchange: exchangeName(order.collective, 'directed'), routingKey: target, mandatory: true };
      return effects.bus.publish(publication);
    }

    const ways = { broadcast: () => send(null), direct: (identity: string) => send(identity) };
    if (order.onReply === null) return ok({ ...ways, end: () => Promise.resolve() });
    const subscribed = await effects.bus.subscribe({
      queue: { name: queueName, declaration: replyQueue(effects.bus.queueType) },
      bindings: [{ exchange: exchangeName(order.collective, 'reply'), routingKey: queueName }],
      prefetch,
      exclusive: false,
      onDelivery: (delivery) => void receive(delivery),
      onFault: (fault) => effects.logger.warn({ requestId: order.requestId, code: fault.code }, fault.message),
    });
    if (!subscribed.ok) return subscribed;
    return ok({
      ...ways,
      end() {
        hasEnded = true;
        return subscribed.value.cancel({ deleteQueue: true });
      },
    });
  };
}
