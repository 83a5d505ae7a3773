import { setTimeout as pause } from 'node:timers/promises';
import { integer } from '@muster/build/fleet';
import { defaultCollective } from '@muster/protocol/identity';
import { exchangeName, nodeQueueName } from '@muster/protocol/topology';
import type { ChannelModel, ConsumeMessage } from 'amqplib';
import { openChannel } from '../../support/amqp.ts';
import { hosts, type FaultKind, type Scene } from './fault-kind.ts';
import { withinLimit } from '../time-limit.ts';
import { withOperator } from './queues.ts';
import { aWhile } from './wait.ts';

const directed = exchangeName(defaultCollective, 'directed');
let taps = 0;

/** Hears what is sent to nodes, as if it were one of them. With `instead`, they do not hear it. */
async function tap(
  connection: ChannelModel,
  identities: readonly string[],
  instead: boolean,
  onMessage: (message: ConsumeMessage) => void,
): Promise<{ untap: () => Promise<void> }> {
  const tapQueue = nodeQueueName(`faults-tap-${++taps}`);
  const channel = await openChannel(connection);
  await channel.assertQueue(tapQueue, { durable: false, exclusive: true, autoDelete: true });
  await channel.consume(tapQueue, (message) => message !== null && onMessage(message), { noAck: true });
  for (const identity of identities) {
    await channel.bindQueue(tapQueue, directed, identity);
    if (instead) await channel.unbindQueue(nodeQueueName(identity), directed, identity);
  }
  return {
    async untap() {
      for (const identity of identities) {
        if (instead) await channel.bindQueue(nodeQueueName(identity), directed, identity);
      }
      await channel.deleteQueue(tapQueue);
    },
  };
}

/** Sends a message that was heard once more, as it is. */
async function repeat(connection: ChannelModel, messages: readonly ConsumeMessage[]): Promise<void> {
  const channel = await openChannel(connection);
  for (const { content, properties, fields } of messages) {
    const { headers, expiration, deliveryMode } = properties as {
      headers?: Record<string, unknown>;
      expiration?: string;
      deliveryMode?: number;
    }; // amqplib has them as `any`
    channel.publish(fields.exchange, fields.routingKey, content, {
      ...(headers === undefined ? {} : { headers }),
      ...(expiration === undefined ? {} : { expiration }),
      persistent: deliveryMode === 2,
      appId: ours,
    });
  }
  await channel.close();
}

function shuffled<T>({ random }: Pick<Scene, 'random'>, items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, place: random() }))
    .toSorted((one, other) => one.place - other.place)
    .map(({ item }) => item);
}

/** Those of the nodes to whom most is sent. */
const busyNodes = ({ world }: Scene): string[] =>
  world.hosts.filter(hosts.isProcess).flatMap(({ identities }) => identities);

/** Marks what we sent again. */
const ours = 'muster-faults';

/** How long the broker is waited for, beside what a fault takes, in milliseconds. */
const answerMs = 45_000;

const who = { person: 'demo' } as const;

/** A channel that is asked for while its connection goes down may never answer. */
const inTime = (scene: Scene, work: Promise<string>): Promise<string> =>
  withinLimit(work, answerMs, scene.signal, 'The broker');

/** A broken network or broker that keeps no order and delivers twice. Requests are as signed; only their delivery is odd. */
export const oddDeliveries: readonly FaultKind[] = [
  {
    name: 'requests delivered twice',
    inject: (scene) =>
      inTime(
        scene,
        withOperator(scene, 'node', (ear) => withOperator(scene, who, (mouth) => deliverTwice(scene, ear, mouth))),
      ).catch(lostToOutage),
  },
  {
    name: 'requests delivered in another order',
    async inject(scene) {
      try {
        return await inTime(
          scene,
          withOperator(scene, 'node', (ear) => withOperator(scene, who, (mouth) => shuffle(scene, ear, mouth))),
        ).catch(lostToOutage);
      } finally {
        await bindAgain(scene);
      }
    },
  },
];

async function deliverTwice(scene: Scene, ear: ChannelModel, mouth: ChannelModel): Promise<string> {
  const heard: ConsumeMessage[] = [];
  let copies = 0;
  const { untap } = await tap(ear, busyNodes(scene), false, (message) => {
    heard.push(message);
  });
  const until = performance.now() + integer(scene.random, 6_000, 15_000);
  while (performance.now() < until) {
    await aWhile(scene, 0, 1500);
    // Copies are heard again: each batch is repeated once.
    const batch = heard.splice(0).filter(({ properties }) => properties.appId !== ours);
    copies += batch.length;
    await repeat(mouth, shuffled(scene, batch));
  }
  await untap();
  return `${copies} requests repeated`;
}

async function shuffle(scene: Scene, ear: ChannelModel, mouth: ChannelModel): Promise<string> {
  const heard: ConsumeMessage[] = [];
  const { untap } = await tap(ear, busyNodes(scene), true, (message) => {
    heard.push(message);
  });
  const ms = await aWhile(scene, 2_000, 6_000);
  await untap();
  await repeat(mouth, shuffled(scene, heard));
  return `${heard.length} requests held for ${ms} ms and shuffled`;
}

/** When an outage ends the fault early, what was heard is lost with it: a harder fault. */
const lostToOutage = (thrown: unknown): string => `ended by an outage: ${String(thrown)}`;

/** Whatever happened to the operator's connection, nodes hear their requests again. */
async function bindAgain(scene: Scene): Promise<void> {
  for (let isDone = false; !isDone && !scene.signal.aborted;) {
    const bound = withOperator(scene, 'node', async (connection) => {
      const channel = await openChannel(connection);
      for (const identity of busyNodes(scene)) await channel.bindQueue(nodeQueueName(identity), directed, identity);
      return '';
    });
    isDone = await inTime(scene, bound).then(
      () => true,
      () => false,
    );
    if (!isDone) await pause(500);
  }
}
