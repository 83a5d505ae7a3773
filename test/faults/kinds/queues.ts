import { pick } from '@muster/build/fleet';
import { nodeQueueName, replyQueueName } from '@muster/protocol/topology';
import type { ChannelModel } from 'amqplib';
import { openChannel } from '../../support/amqp.ts';
import { hosts, type FaultKind, type Scene } from './fault-kind.ts';
import { aWhile } from './wait.ts';

/** An operator's connection, for as long as the work takes. */
export async function withOperator(
  { world }: Pick<Scene, 'world'>,
  who: Parameters<Scene['world']['broker']['connectAs']>[0],
  work: (connection: ChannelModel) => Promise<string>,
): Promise<string> {
  const connection = await world.broker.connectAs(who);
  try {
    return await work(connection);
  } finally {
    // The broker may have gone meanwhile.
    await connection.close().catch(() => undefined);
  }
}

const deleted = (connection: ChannelModel, queue: string): Promise<string> =>
  openChannel(connection)
    .then((channel) => channel.deleteQueue(queue))
    .then(
      ({ messageCount }) => `${queue} deleted with ${messageCount} messages`,
      (thrown: unknown) => `${queue} could not be deleted: ${String(thrown)}`,
    );

const lately = 6;

/** An operator deletes a queue that is in use. */
export const queueDeletions: readonly FaultKind[] = [
  {
    name: 'queue of a node deleted',
    inject: (scene) =>
      scene.withHost(hosts.any, (host) => {
        const [first = '', ...others] = host.identities;
        const identity = pick(scene.random, [first, ...others]);
        return withOperator(scene, 'node', (connection) => deleted(connection, nodeQueueName(identity)));
      }),
  },
  {
    name: 'reply queue deleted',
    async inject(scene) {
      const { load, world, random } = scene;
      const [console] = world.consoles;
      if (console === undefined) return 'there is no console';
      const order = {
        agent: 'ledger',
        action: 'slow',
        inputs: { token: load.newToken(), ms: 1500, write: 'last' },
        target: { kind: 'nodes' as const, identities: world.identities.slice(0, lately) },
        ttlMs: 20_000,
      };
      const taken = await load.insist(console, order);
      if (taken === undefined) return `${console.name} took no order`;
      await aWhile({ random }, 100, 1500);
      return withOperator(scene, { person: console.person }, (connection) =>
        deleted(connection, replyQueueName(console.person, taken.runId)),
      );
    },
  },
];
