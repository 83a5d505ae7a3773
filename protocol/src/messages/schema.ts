import { z } from 'zod';
import { limits } from '../envelope/index.ts';
import { filterLimits } from '../filter/index.ts';
import { collectivePattern, identityPattern } from '../identity/index.ts';

const agentName = z.string().regex(/^[a-z][a-z0-9_]{0,63}$/);
const timeMs = z.int().nonnegative();

/** What every message says of itself. `sender` must be the name in the certificate that signed it. */
const header = {
  sender: z.string().regex(identityPattern),
  collective: z.string().regex(collectivePattern),
  issuedAtMs: timeMs,
  ttlMs: z.int().positive().max(limits.ttlMs),
  /** 16 random bytes in hexadecimal: no two messages have the same. */
  nonce: z.string().regex(/^[0-9a-f]{32}$/),
};

const requestId = z.string().regex(/^[0-9a-f]{32}$/);

/** A person's wish to have an action run. */
export const requestSchema = z.strictObject({
  protocol: z.literal('muster.request.v1'),
  ...header,
  requestId,
  /** `cert=NAME` of the person: see `callerOf`. */
  caller: z.string().regex(/^\w+=[\w.-]+$/),
  agent: agentName,
  action: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/),
  inputs: z.record(z.string(), z.json()),
  /** Further inputs, encrypted to the one node that is the target: an age file in Base64. Absent when there are none. */
  sealed: z.base64().min(1).optional(),
  /** The identity of the one node that it is for; null for a broadcast, which the filter decides. */
  target: z.string().regex(identityPattern).nullable(),
  /** Filter text; empty for all nodes. A directed request is not filtered again. */
  filter: z.string().max(filterLimits.textLength),
  /** Name of the queue to answer to; null when no answer is wanted. */
  replyTo: z.string().max(255).nullable(),
});
export type Request = z.infer<typeof requestSchema>;

/** How a request ended on a node. */
export const outcomes = [
  'ok',
  'failed',
  'refused',
  'invalid',
  'expired',
  'skewed',
  'timed_out',
  'interrupted',
  'cancelled',
] as const;
export type Outcome = (typeof outcomes)[number];

/** A node's answer. */
export const replySchema = z.strictObject({
  protocol: z.literal('muster.reply.v1'),
  ...header,
  requestId,
  agent: agentName,
  action: z.string().max(64),
  outcome: z.enum(outcomes),
  /** MCollective's 0 to 5: see `statusCodes`. */
  statusCode: z.int().min(0).max(5),
  statusMessage: z.string().max(4096),
  data: z.record(z.string(), z.json()),
  /** When the node received the request, began and ended the action, by its own clock; null where that did not happen. */
  timings: z.strictObject({ receivedAtMs: timeMs, startedAtMs: timeMs.nullable(), finishedAtMs: timeMs.nullable() }),
});
export type Reply = z.infer<typeof replySchema>;

/** Word from a node that it has a request whose answer takes a while; of a request that is answered soon there is none. */
export const noticeSchema = z.strictObject({
  protocol: z.literal('muster.notice.v1'),
  ...header,
  requestId,
  /** It waits for its turn on the node; or the action has begun. */
  state: z.enum(['accepted', 'running']),
  /** By the node's own clock; null while the action has not begun. */
  startedAtMs: timeMs.nullable(),
});
export type Notice = z.infer<typeof noticeSchema>;

/** Digests of what a node says of itself: 64 hexadecimal digits of SHA-256 each; `agents` is of its data plugins too. A console asks again for what changed. */
const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** The public part of a node's sealing key, as age writes it. */
export const sealingRecipient = z.string().regex(/^age1[0-9a-z]{58}$/);

/** A node's sign of life. */
export const registrationSchema = z.strictObject({
  protocol: z.literal('muster.registration.v1'),
  ...header,
  event: z.enum(['started', 'alive', 'changed', 'stopped']),
  agentVersion: z.string().max(64),
  startedAtMs: timeMs,
  digests: z.strictObject({ facts: digest, classes: digest, agents: digest, collectives: digest }),
  /** To what sensitive inputs for the node are sealed; nodes of before could not open any. */
  recipient: sealingRecipient.optional(),
});
export type Registration = z.infer<typeof registrationSchema>;
