import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { nodeQueue, nodeQueueName, queueTypes, type QueueType } from '@muster/protocol/topology';
import type { ChannelModel, ConfirmChannel } from 'amqplib';
import { connectAmqp, openChannel } from '../support/amqp.ts';
import { eventually } from '../support/eventually.ts';
import { startTestBroker, type TestBroker } from '../support/test-broker.ts';
import { duration, noise } from './measure.ts';

export interface QueueBenchOptions {
  /** How many queues of nodes; 1 to 2000. */
  readonly queues: number;
  /** How often the broker is killed under load; 0 to 100. */
  readonly rounds: number;
  readonly say: (line: string) => void;
}

/** Messages to each queue. */
const perQueue = 10;
const bodyBytes = 1024;
/**
 * Pause between declaring and killing, in milliseconds: RabbitMQ 3.10 may leave a quorum queue of a single broker without
 * a leader for good when it is killed within seconds of its declaration.
 */
const settleMs = 8_000;
/** After so many confirmed messages the broker is killed. */
const killAfter = 300;

const bodyOf = (id: string): Buffer => Buffer.alloc(bodyBytes, `${id} `);

/** Resident memory of the broker in MiB, as the kernel has it. */
function residentMiB(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kib) / 1024);
}

const names = (count: number): string[] =>
  Array.from({ length: count }, (_unused, at) => nodeQueueName(`bench${at}.example.com`));

async function connectAs(broker: TestBroker, role: 'node' | 'person'): Promise<ChannelModel> {
  return connectAmqp(await (role === 'node' ? broker.anyNodeSettings() : broker.personSettings('demo')));
}

async function declareAll(connection: ChannelModel, queues: readonly string[], type: QueueType): Promise<void> {
  const channel = await connection.createChannel();
  for (const queue of queues) {
    await channel.assertQueue(queue, nodeQueue(type));
    await channel.bindQueue(queue, 'muster.directed', queue);
  }
  await channel.close();
}

const publishOne = (channel: ConfirmChannel, queue: string, id: string): Promise<void> =>
  new Promise((resolve, reject) => {
    channel.publish(
      'muster.directed',
      queue,
      bodyOf(id),
      { persistent: true, mandatory: true, messageId: id },
      (error) => (error === null || error === undefined ? resolve() : reject(new Error(String(error)))),
    );
  });

async function consumeAll(connection: ChannelModel, queues: readonly string[], expected: number): Promise<void> {
  const channel = await connection.createChannel();
  await channel.prefetch(100);
  const seen = new Set<string>();
  const { promise: complete, resolve } = Promise.withResolvers<undefined>();
  const take = (id: string) => {
    if (seen.add(id).size >= expected) resolve(undefined);
  };
  await Promise.all(
    queues.map((queue) =>
      channel.consume(queue, (message) => {
        if (message === null) return;
        channel.ack(message);
        take(String(message.properties.messageId));
      }),
    ),
  );
  await complete;
  await channel.close();
}

/** How long declaring, publishing with confirms and consuming take on a broker that has nothing else, and what memory it needs. */
async function measureType(type: QueueType, { queues: count, say }: QueueBenchOptions) {
  const broker = await startTestBroker({ passwords: true });
  try {
    const [node, person] = [await connectAs(broker, 'node'), await connectAs(broker, 'person')];
    const queues = names(count);
    const emptyMiB = residentMiB(broker.pid);
    const declareMs = await duration(() => declareAll(node, queues, type));
    const declaredMiB = residentMiB(broker.pid);
    const channel = await person.createConfirmChannel();
    const publishMs = await duration(async () => {
      for (let turn = 0; turn < perQueue; turn++)
        await Promise.all(queues.map((queue) => publishOne(channel, queue, `${queue} ${turn}`)));
    });
    const single = await duration(async () => {
      for (let at = 0; at < 100; at++) await publishOne(channel, queues[at % count] ?? '', `single ${at}`);
    });
    const total = count * perQueue + 100;
    const consumeMs = await duration(() => consumeAll(node, queues, total));
    await Promise.all([node.close(), person.close()]);
    const figures = {
      type,
      emptyMiB,
      declaredMiB,
      declareMsPerQueue: declareMs / count,
      publishPerSecond: Math.round((count * perQueue * 1000) / publishMs),
      confirmMs: single / 100,
      consumePerSecond: Math.round((total * 1000) / consumeMs),
    };
    say(`${type}: ${JSON.stringify(figures)}`);
    return figures;
  } finally {
    await broker.stop();
  }
}

/** Takes what is in the queues, and deletes them. */
async function drainAll(
  broker: TestBroker,
  { queues, type }: { readonly queues: readonly string[]; readonly type: QueueType },
  kept: Set<string>,
): Promise<void> {
  const connection = await connectAs(broker, 'node');
  try {
    const channel = await openChannel(connection);
    for (const queue of queues) {
      await channel.assertQueue(queue, nodeQueue(type));
      for (let message = await channel.get(queue); message !== false; message = await channel.get(queue)) {
        kept.add(String(message.properties.messageId));
        channel.ack(message);
      }
      await channel.deleteQueue(queue);
    }
  } finally {
    await connection.close().catch(() => undefined);
  }
}

/** Kills the broker while it confirms, starts it again, and counts confirmed messages that are gone. */
async function killWhilePublishing(broker: TestBroker, type: QueueType, round: number) {
  const queues = names(5).map((name) => `${name}.${type}${round}`);
  const node = await connectAs(broker, 'node');
  await declareAll(node, queues, type);
  await node.close();
  await pause(settleMs);
  const person = await connectAs(broker, 'person');
  const channel = await person.createConfirmChannel();
  channel.on('error', () => undefined);
  const confirmed: string[] = [];
  const killed = new AbortController();
  const publishing = Array.from({ length: 20 }, async (_unused, worker) => {
    for (let turn = 0; !killed.signal.aborted; turn++) {
      const id = `${worker} ${turn}`;
      await publishOne(channel, queues[turn % queues.length] ?? '', id);
      confirmed.push(id);
      if (confirmed.length === killAfter) {
        killed.abort();
        process.kill(broker.pid, 'SIGKILL');
      }
    }
  });
  await Promise.allSettled(publishing);
  await broker.restart();
  const kept = new Set<string>();
  // A quorum queue has no leader yet when the broker takes connections again.
  await eventually(() => drainAll(broker, { queues, type }, kept), 120_000);
  return { confirmed: confirmed.length, lost: confirmed.filter((id) => !kept.has(id)).length };
}

async function countLosses(type: QueueType, { rounds, say }: QueueBenchOptions) {
  const broker = await startTestBroker({ passwords: true });
  const sum = { rounds, confirmed: 0, lost: 0 };
  try {
    for (let round = 0; round < rounds; round++) {
      const { confirmed, lost } = await killWhilePublishing(broker, type, round);
      sum.confirmed += confirmed;
      sum.lost += lost;
    }
  } finally {
    await broker.stop();
  }
  say(`${type}, killed ${rounds} times: ${sum.lost} of ${sum.confirmed} confirmed messages lost`);
  return sum;
}

/** Compares classic and quorum queues of nodes on one broker of this machine, both in one run. */
export async function queueBench(options: QueueBenchOptions) {
  const before = await noise();
  const figures = [];
  for (const type of queueTypes) {
    const measured = await measureType(type, options);
    figures.push({ ...measured, kills: await countLosses(type, options) });
  }
  return {
    benchmark: 'queues',
    queues: options.queues,
    messagesPerQueue: perQueue,
    bodyBytes,
    machine: { cpus: cpus().length, model: cpus()[0]?.model ?? '', node: process.version, load: loadavg() },
    noise: { before, after: await noise() },
    types: figures,
  };
}
