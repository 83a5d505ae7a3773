import { seal } from '@muster/protocol/envelope';
import { fail, ok, type Fault, type Result } from '@muster/protocol/errors';
import { callerOf } from '@muster/protocol/identity';
import type { Notice, Request } from '@muster/protocol/messages';
import {
  exchangeName,
  replyQueue,
  replyQueueName,
  undeliveredExchange,
  undeliveredKey,
} from '@muster/protocol/topology';
import type { Delivery, Publication } from '@muster/runtime/bus';
import { randomId } from '@muster/runtime/crypto';
import { sealInputs } from '@muster/runtime/sealing';
import type { Effects } from '../effects.ts';
import { readDelivery, type DeadCopy, type VerifiedReply } from './read-delivery.ts';
import type { RejectLog } from './reject-log.ts';

export interface ConversationOrder {
  readonly requestId: string;
  readonly collective: string;
  readonly agent: string;
  readonly action: string;
  /** In plain. */
  readonly inputs: Request['inputs'];
  /** Inputs that travel sealed to each node, beside the others. Requests with such are sent to single nodes only. */
  readonly secrets?: {
    readonly inputs: Request['inputs'];
    /** To what they are sealed for a node; undefined when it has told nothing. */
    readonly recipientOf: (identity: string) => string | undefined;
  };
  /** Canonical text of the filter that decides a broadcast. */
  readonly filter: string;
  readonly ttlMs: number;
  /** How long the broker keeps the queue of answers while nobody listens, in milliseconds; a day when absent. */
  readonly keepQueueMs?: number;
  /** Null when nobody shall answer. */
  readonly onReply: ((reply: VerifiedReply) => void) | null;
  readonly onNotice?: (notice: Notice, arrivedAtMs: number) => void;
  /** A copy came back undelivered. `acknowledge` as for a reply. */
  readonly onDead?: (copy: DeadCopy, acknowledge: () => void) => void;
  /** Told of each copy of the request before it is sent: what it says, and the bytes that are signed. */
  readonly onSigned?: (request: Request, frame: Uint8Array) => void;
  /** The queue was lost for another reason than the connection; it is made again. */
  readonly onQueueLost?: (fault: Fault) => void;
}

/** When a request was issued, and how long it may be obeyed since then. */
export interface Validity {
  readonly issuedAtMs: number;
  readonly ttlMs: number;
}

/** One request id, the queue of its answers, and the ways to send it. Copies are alike but for their nonce. */
export interface Conversation {
  /** Reaches every node of the collective that has the agent. Issued now, when `validity` is absent. Errors: those of `seal` and `Bus.publish`. */
  broadcast(validity?: Validity): Promise<Result<void>>;
  /** Reaches one node. Errors: also `broker.unroutable` when the broker knows no such node, `sealing.no_recipient`. */
  direct(identity: string, validity?: Validity): Promise<Result<void>>;
  /** Deletes the queue; whatever comes later is lost. */
  end(): Promise<void>;
  /** Stops listening; what comes waits in the queue. */
  leave(): Promise<void>;
}

/** Opens conversations in one person's name. */
export type Converse = (order: ConversationOrder) => Promise<Result<Conversation>>;

/** Replies that may be under way in this process: enough to keep the threads busy that verify them. */
const prefetch = 2000;

/** How much longer than its time to live the broker keeps a request for a node, in milliseconds: as MCollective does. */
const expirationMarginMs = 10_000;

const unsealable = (whom: string) =>
  fail('sealing.no_recipient', `The sensitive inputs cannot be sealed for ${whom}, which told no key`);

/** Conversations over a bus; `person` must be the name in the signer's certificate. */
export function createConverse(person: string, effects: Effects, rejects: RejectLog): Converse {
  return async (order) => {
    const { requestId, collective, agent } = order;
    const queueName = replyQueueName(person, requestId);
    const deadKey =
      order.onDead === undefined || order.onReply === null ? undefined : undeliveredKey(person, requestId);
    let hasEnded = false;
    /** When the first copy for everybody was issued. */
    let askedAtMs: number | undefined;

    async function receive(delivery: Delivery): Promise<void> {
      const arrived = await readDelivery(delivery, { requestId, person, askedAtMs }, effects);
      if (hasEnded) return;
      const acknowledge = () => delivery.ack();
      if (!arrived.ok) {
        rejects.note(arrived.error, { requestId, agent });
        acknowledge();
      } else if (arrived.value.kind === 'reply') {
        order.onReply?.(arrived.value.reply);
      } else if (arrived.value.kind === 'dead') {
        if (order.onDead === undefined) acknowledge();
        else order.onDead(arrived.value.copy, acknowledge);
      } else {
        order.onNotice?.(arrived.value.notice, arrived.value.arrivedAtMs);
        acknowledge();
      }
    }

    /** Seals what is to be sealed for one node; undefined when there is nothing. Errors: `sealing.no_recipient`. */
    async function sealFor(target: string | null): Promise<Result<string | undefined>> {
      if (order.secrets === undefined) return ok(undefined);
      const recipient = target === null ? undefined : order.secrets.recipientOf(target);
      if (target === null || recipient === undefined) return unsealable(target ?? 'the nodes of a broadcast');
      const about = { caller: callerOf(person), requestId, agent, action: order.action, target };
      return sealInputs(order.secrets.inputs, recipient, about);
    }

    async function send(
      target: string | null,
      { issuedAtMs, ttlMs }: Validity = { issuedAtMs: effects.clock(), ttlMs: order.ttlMs },
    ): Promise<Result<void>> {
      const sealed = await sealFor(target);
      if (!sealed.ok) return sealed;
      const request: Request = {
        protocol: 'muster.request.v1',
        sender: person,
        collective,
        issuedAtMs,
        ttlMs,
        nonce: randomId(effects.randomBytes),
        requestId,
        caller: callerOf(person),
        agent,
        action: order.action,
        inputs: order.inputs,
        ...(sealed.value === undefined ? {} : { sealed: sealed.value }),
        target,
        filter: target === null ? order.filter : '',
        replyTo: order.onReply === null ? null : queueName,
      };
      const body = await seal(request, effects);
      if (!body.ok) return body;
      if (target === null) askedAtMs ??= issuedAtMs;
      order.onSigned?.(request, body.value);
      const leftMs = Math.max(0, issuedAtMs + ttlMs - effects.clock());
      const common = {
        body: body.value,
        persistent: true,
        expirationMs: leftMs + expirationMarginMs,
        ...(deadKey === undefined ? {} : { undeliveredKey: deadKey }),
      };
      const publication: Publication =
        target === null
          ? { ...common, exchange: exchangeName(collective, 'broadcast'), routingKey: agent, mandatory: false }
          : { ...common, exchange: exchangeName(collective, 'directed'), routingKey: target, mandatory: true };
      return effects.bus.publish(publication);
    }

    const ways = {
      broadcast: (validity?: Validity) => send(null, validity),
      direct: (identity: string, validity?: Validity) => send(identity, validity),
    };
    const nothing = () => Promise.resolve();
    if (order.onReply === null) return ok({ ...ways, end: nothing, leave: nothing });
    const subscribed = await effects.bus.subscribe({
      queue: { name: queueName, declaration: replyQueue(effects.bus.queueType, order.keepQueueMs) },
      bindings: [
        { exchange: exchangeName(collective, 'reply'), routingKey: queueName },
        ...(deadKey === undefined ? [] : [{ exchange: undeliveredExchange, routingKey: deadKey }]),
      ],
      prefetch,
      exclusive: false,
      onDelivery: (delivery) => void receive(delivery),
      onFault(fault) {
        effects.logger.warn({ requestId, code: fault.code }, fault.message);
        order.onQueueLost?.(fault);
      },
    });
    if (!subscribed.ok) return subscribed;
    return ok({
      ...ways,
      end() {
        hasEnded = true;
        return subscribed.value.cancel({ deleteQueue: true });
      },
      leave() {
        hasEnded = true;
        return subscribed.value.cancel();
      },
    });
  };
}
