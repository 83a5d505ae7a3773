import { undeliveredExchange } from './names.ts';

/** What the broker itself adds to queues, whoever declares them. */
export interface QueuePolicy {
  readonly name: string;
  /** Regular expression over names of queues. */
  readonly pattern: string;
  readonly definition: Readonly<Record<string, string | number>>;
}

const mebibyte = 1024 * 1024;
const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/**
 * Bounds of every queue that anybody may declare, for who declares one without: of a bound in a policy and one in the declaration
 * the smaller holds. Where senders are told of a full queue they try again later; elsewhere the oldest goes.
 *
 * Requests that die in a node's queue go to the undelivered exchange. It is a policy and no argument of the queue: a
 * node that declared it would need the right to write to that exchange.
 */
export const queuePolicies: readonly QueuePolicy[] = [
  {
    name: 'muster-undelivered',
    pattern: '^node\\.',
    definition: {
      'dead-letter-exchange': undeliveredExchange,
      'max-length': 10_000,
      'max-length-bytes': 256 * mebibyte,
      overflow: 'reject-publish',
      expires: 31 * dayMs,
    },
  },
  {
    name: 'muster-reply',
    pattern: '^reply\\.',
    definition: {
      'max-length': 1_000_000,
      'max-length-bytes': 4096 * mebibyte,
      overflow: 'reject-publish',
      // The longest time that RabbitMQ knows.
      expires: 49 * dayMs,
    },
  },
  {
    name: 'muster-registry',
    pattern: '^registry\\.',
    definition: {
      'max-length': 100_000,
      'max-length-bytes': 256 * mebibyte,
      'message-ttl': 10 * minuteMs,
      expires: 10 * minuteMs,
    },
  },
  { name: 'muster-lock', pattern: '^lock\\.', definition: { 'max-length': 0, expires: 10 * minuteMs } },
  {
    name: 'muster-authority',
    pattern: '^authority(!seat)?$',
    definition: {
      'max-length': 100_000,
      'max-length-bytes': 256 * mebibyte,
      overflow: 'reject-publish',
      'message-ttl': dayMs,
      expires: 31 * dayMs,
    },
  },
  {
    name: 'muster-enrolment',
    pattern: '^enrolment\\.',
    definition: { 'max-length': 100, 'max-length-bytes': 8 * mebibyte, expires: 10 * minuteMs },
  },
];

/** How many queues a broker holds, of all its users together, so that nobody fills its memory with empty ones. */
export const mostQueues = 200_000;
