import { fail, type Fault, type Result } from '@muster/protocol/errors';
import { exchangeName, nodeQueue, nodeQueueName, type QueueType } from '@muster/protocol/topology';
import type { Bus, Delivery, Subscribed, Subscription } from '@muster/runtime/bus';
import type { Clock } from '@muster/runtime/effects';
import type { Logger } from '@muster/runtime/logging';
import { whenUp, whenUpAgain } from '../requests/index.ts';

/** How long a second agent tries before it believes that its identity is taken, in milliseconds. */
const duplicateGraceMs = 5_000;

export interface NodeQueueOptions {
  readonly identity: string;
  readonly collectives: readonly string[];
  readonly agents: readonly string[];
  readonly prefetch: number;
  readonly onDelivery: (delivery: Delivery) => void;
  readonly onFault: (fault: Fault) => void;
}

/** The node's one queue, bound in each collective to its own name and to the name of each of its agents. */
export const nodeBindings = ({
  identity,
  collectives,
  agents,
}: Pick<NodeQueueOptions, 'identity' | 'collectives' | 'agents'>): Subscription['bindings'] =>
  collectives.flatMap((collective) => [
    { exchange: exchangeName(collective, 'directed'), routingKey: identity },
    ...agents.map((agent) => ({ exchange: exchangeName(collective, 'broadcast'), routingKey: agent })),
  ]);

const nodeSubscription = (
  { identity, collectives, agents, prefetch, onDelivery, onFault }: NodeQueueOptions,
  queueType: QueueType,
): Subscription => ({
  queue: { name: nodeQueueName(identity), declaration: nodeQueue(queueType) },
  bindings: nodeBindings({ identity, collectives, agents }),
  prefetch,
  exclusive: true,
  onDelivery,
  onFault,
});

/**
 * Subscribes as soon as there is a broker, however long that takes.
 *
 * Errors: `identity.duplicate` when another agent has held the queue for some seconds, `broker.closed` when the bus was closed.
 */
export async function subscribeNode(
  bus: Bus,
  options: NodeQueueOptions,
  effects: { readonly clock: Clock; readonly logger: Logger },
): Promise<Result<Subscribed>> {
  const { clock, logger } = effects;
  const subscription = nodeSubscription(options, bus.queueType);
  let duplicateSinceMs: number | undefined;
  for (let isUp = await whenUp(bus); isUp; isUp = await whenUpAgain(bus)) {
    const subscribed = await bus.subscribe(subscription);
    if (subscribed.ok) return subscribed;
    const { code, message } = subscribed.error;
    logger.error({ event: code, identity: options.identity }, `the node's queue cannot be used: ${message}`);
    if (code !== 'identity.duplicate') continue;
    duplicateSinceMs ??= clock();
    if (clock() - duplicateSinceMs >= duplicateGraceMs) {
      return fail(code, `Another agent is connected as "${options.identity}"`, {
        mend: 'Stop the other agent, or give this one an identity and a certificate of its own.',
      });
    }
  }
  return fail('broker.closed', 'The connection was closed before the node could subscribe');
}
