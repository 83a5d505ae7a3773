import { unwrap } from '@muster/protocol/errors';
import { nodeQueue } from '@muster/protocol/topology';
import { createMemoryBroker, type Bus } from '@muster/runtime/bus';
import { expect, test } from 'vitest';
import { partOfBus } from './shared-bus.ts';

const publication = (routingKey: string) => ({
  exchange: 'muster.directed',
  routingKey,
  body: new Uint8Array([1]),
  persistent: false,
  mandatory: true,
});

async function subscribeNode(bus: Bus, identity: string, heard: string[]): Promise<void> {
  unwrap(
    await bus.subscribe({
      queue: { name: `node.${identity}`, declaration: nodeQueue(bus.queueType) },
      bindings: [{ exchange: 'muster.directed', routingKey: identity }],
      prefetch: 1,
      exclusive: true,
      onDelivery: (delivery) => {
        heard.push(identity);
        delivery.ack();
      },
    }),
  );
}

test('an agent that closes its part of a connection leaves the others theirs', async () => {
  const bus = createMemoryBroker({ collectives: ['muster'], clock: () => 0 }).connect();
  const [first, second] = [partOfBus(bus), partOfBus(bus)];
  const heard: string[] = [];
  await expect.poll(() => first.state.status).toBe('up');
  await subscribeNode(first, 'web01', heard);
  await subscribeNode(second, 'web02', heard);

  await first.close();
  expect(second.state.status).toBe('up');
  unwrap(await second.publish(publication('web02')));
  await expect.poll(() => heard).toEqual(['web02']);

  // Nobody listens to the queue of the first any more, so that another agent may.
  await subscribeNode(second, 'web01', heard);
  await bus.close();
});
