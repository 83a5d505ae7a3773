import { undeliveredExchange } from './names.ts';

/** What the broker itself adds to queues, whoever declares them. */
export interface QueuePolicy {
  readonly name: string;
  /** Regular expression over names of queues. */
  readonly pattern: string;
  readonly definition: Readonly<Record<string, string | number>>;
}

/**
 * Requests that die in a node's queue go to the undelivered exchange. It is a policy and no argument of the queue: a
 * node that declared it would need the right to write to that exchange.
 */
export const queuePolicies: readonly QueuePolicy[] = [
  { name: 'muster-undelivered', pattern: '^node\\.', definition: { 'dead-letter-exchange': undeliveredExchange } },
];
