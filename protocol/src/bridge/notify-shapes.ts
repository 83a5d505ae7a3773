import { z } from 'zod';
import { faultShape } from './shapes.ts';

/* Whom the console tells when runs end. */

const timeMs = z.number();

/**
 * What may be told of a run or a runall: `finished`, it ended and nothing went wrong; `failed`, it ended in any other way; `threshold`, it has just met
 * its own limit of failures or lost a canary, and asks no further nodes. Each comes once at most, and of the first two exactly one.
 */
export const notifyEvents = ['finished', 'failed', 'threshold'] as const;
export const notifyEventShape = z.enum(notifyEvents);
export type NotifyEvent = z.infer<typeof notifyEventShape>;

/** How a notification fares: it is tried again, the receiver has it, or its time is over. */
export const deliveryStates = ['waiting', 'delivered', 'given_up'] as const;

/** A notification to one target. */
export const notifyDeliveryShape = z.object({
  event: notifyEventShape,
  /** What it is about, and its id. */
  about: z.enum(['run', 'runall']),
  aboutId: z.string(),
  state: z.enum(deliveryStates),
  queuedAtMs: timeMs,
  /** How often it was tried. */
  attempts: z.int().nonnegative(),
  /** When it was tried last; null before the first time. */
  triedAtMs: timeMs.nullable(),
  /** When it is tried again; null when it is not. */
  nextAtMs: timeMs.nullable(),
  /** Why the last attempt failed. */
  fault: faultShape.nullable(),
});
export type NotifyDelivery = z.infer<typeof notifyDeliveryShape>;

/** A target as `console.yaml` has it, without anything secret. */
export const notifyTargetShape = z.object({
  name: z.string(),
  kind: z.enum(['webhook', 'mail']),
  /** The server that takes it: of a webhook scheme, host and port, without the path, which may be secret; of mail host and port. */
  server: z.string(),
  /** Who gets the mail; empty for a webhook. */
  recipients: z.array(z.string()),
  on: z.array(notifyEventShape),
  /** Whether it travels under TLS. */
  isEncrypted: z.boolean(),
  /** Whether a webhook is signed; null for mail. */
  isSigned: z.boolean().nullable(),
  /** How many notifications wait to be delivered. */
  waiting: z.int().nonnegative(),
  /** The one that was queued last; null before the first. */
  last: notifyDeliveryShape.nullable(),
});
export type NotifyTarget = z.infer<typeof notifyTargetShape>;

export const notifyEndpoints = {
  /** In the order of `console.yaml`. */
  'notify.list': { params: z.object({}), result: z.object({ targets: z.array(notifyTargetShape) }) },
  /**
   * Sends a test to one target, once; says what the receiver answered. Faults: `notify.unknown`, `notify.failed`, `notify.refused`, `config.*` for a
   * secret or an authority that cannot be read.
   */
  'notify.test': { params: z.object({ name: z.string().max(64) }), result: z.object({ answer: z.string() }) },
} as const;

export const notifyStreams = {
  /** Grows whenever a notification is queued, tried or settled, by whatever process. */
  'notify.changes': { params: z.object({}), item: z.object({ revision: z.int() }) },
} as const;
