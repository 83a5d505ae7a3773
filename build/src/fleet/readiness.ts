import { setTimeout as delay } from 'node:timers/promises';
import { nodeUser } from '@muster/broker-config/files';
import { nodeQueue, nodeQueueName } from '@muster/protocol/topology';
import { issueCertificate } from '@muster/runtime/pki';
import { connect, type ChannelModel } from 'amqplib';
import type { PreparedHome } from './home.ts';

/** Tells when agents take requests: what counts is that the broker knows a consumer of the node's queue. */
export interface Readiness {
  /** Resolves when the node's agent consumes. */
  awaitAgent(identity: string): Promise<void>;
  close(): Promise<void>;
}

const pollMs = 100;

async function connectObserver(home: PreparedHome, amqp: string): Promise<ChannelModel> {
  const request = { role: 'node', name: 'fleet-observer', validDays: 1 } as const;
  const { certificatePem, keyPem } = await issueCertificate(home.authority, request);
  const { hostname, port } = new URL(amqp);
  return connect(
    { protocol: 'amqps', hostname, port: Number(port), username: nodeUser, password: home.accounts.nodePassword },
    { ca: [Buffer.from(home.authority.certificatePem)], cert: Buffer.from(certificatePem), key: Buffer.from(keyPem) },
  );
}

/** Starts watching. It declares queues itself, as the agents would, so that looking at one before its agent came is no error. */
export async function watchReadiness(home: PreparedHome, amqp: string): Promise<Readiness> {
  const connection = await connectObserver(home, amqp);
  const channel = await connection.createChannel();
  const awaited = new Map<string, () => void>();
  let closed = false;

  const look = async () => {
    while (!closed) {
      for (const [identity, resolve] of awaited) {
        const { consumerCount } = await channel.assertQueue(nodeQueueName(identity), nodeQueue('classic'));
        if (consumerCount === 0) continue;
        awaited.delete(identity);
        resolve();
      }
      await delay(pollMs);
    }
  };
  const lost = new Promise<never>((_resolve, reject) => connection.once('error', reject));
  const looking = Promise.race([look(), lost]);
  looking.catch(() => undefined);

  return {
    awaitAgent: (identity) => Promise.race([looking, new Promise<void>((resolve) => awaited.set(identity, resolve))]),
    async close() {
      closed = true;
      awaited.clear();
      await looking.catch(() => undefined);
      await connection.close().catch(() => undefined);
    },
  };
}
