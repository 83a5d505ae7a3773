import { open } from '@muster/protocol/envelope';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { parseNotice, parseReply, parseRequest, type Notice, type Reply } from '@muster/protocol/messages';
import type { Delivery } from '@muster/runtime/bus';
import type { Effects } from '../effects.ts';

/** A reply whose signature, sender and request id are right. */
export interface VerifiedReply {
  readonly reply: Reply;
  readonly arrivedAtMs: number;
  /** Fingerprint of the certificate that signed it. */
  readonly signedBy: string;
  /** Until when that certificate holds. */
  readonly certificateUntilMs?: number;
  /** When the request was sent out to all, by our clock; absent when nodes were asked one by one. */
  readonly askedAtMs?: number;
  /** The bytes that travelled, with the signature; they may be part of a larger buffer. */
  readonly frame: Uint8Array;
  /** Tells the broker that the reply is safe; it is delivered again otherwise. */
  acknowledge(): void;
}

/** A copy of the request that a node's queue let die. */
export interface DeadCopy {
  readonly identity: string;
  readonly reason: NonNullable<Delivery['died']>['reason'];
}

/** What arrives in the queue of a request. */
export type Arrived =
  | { readonly kind: 'reply'; readonly reply: VerifiedReply }
  | { readonly kind: 'notice'; readonly notice: Notice; readonly arrivedAtMs: number }
  | { readonly kind: 'dead'; readonly copy: DeadCopy };

const nodeQueuePrefix = 'node.';

const isNotice = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && 'protocol' in body && body.protocol === 'muster.notice.v1';

const another = (sender: string) =>
  fail('message.malformed', `"${sender}" speaks of another request than this queue is for`);

/**
 * Verifies what a queue of answers delivered. Errors: those of `open`, of the message's own check, and `message.malformed` for a message
 * about another request or in another person's name.
 */
export async function readDelivery(
  delivery: Delivery,
  about: { readonly requestId: string; readonly person: string; readonly askedAtMs?: number | undefined },
  effects: Pick<Effects, 'clock' | 'verifier' | 'compressor'>,
): Promise<Result<Arrived>> {
  const arrivedAtMs = effects.clock();
  const { verifier, compressor } = effects;
  const opened = await open(delivery.body, { verifier, compressor, nowMs: arrivedAtMs });
  if (!opened.ok) return opened;
  if (delivery.died !== null) {
    const request = parseRequest(opened.value);
    if (!request.ok) return request;
    const { sender, requestId, target } = request.value;
    if (requestId !== about.requestId || sender !== about.person) return another(sender);
    const identity = target ?? delivery.died.queue.slice(nodeQueuePrefix.length);
    return ok({ kind: 'dead', copy: { identity, reason: delivery.died.reason } });
  }
  if (isNotice(opened.value.body)) {
    const notice = parseNotice(opened.value);
    if (!notice.ok) return notice;
    if (notice.value.requestId !== about.requestId) return another(notice.value.sender);
    return ok({ kind: 'notice', notice: notice.value, arrivedAtMs });
  }
  const reply = parseReply(opened.value);
  if (!reply.ok) return reply;
  if (reply.value.requestId !== about.requestId) return another(reply.value.sender);
  const { fingerprint: signedBy, notAfterMs } = opened.value.principal;
  return ok({
    kind: 'reply',
    reply: {
      reply: reply.value,
      arrivedAtMs,
      signedBy,
      ...(notAfterMs === undefined ? {} : { certificateUntilMs: notAfterMs }),
      ...(about.askedAtMs === undefined ? {} : { askedAtMs: about.askedAtMs }),
      frame: delivery.body,
      acknowledge: () => delivery.ack(),
    },
  });
}
