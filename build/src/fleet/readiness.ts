import { setTimeout as delay } from 'node:timers/promises';
import { nodeQueueName } from '@muster/protocol/topology';
import { issueCertificate } from '@muster/runtime/pki';
import { connect, credentials, type ChannelModel } from 'amqplib';
import { observer, type PreparedHome } from './home.ts';

/** Tells when agents take requests: what counts is that the broker knows a consumer of the node's queue. */
export interface Readiness {
  /** Resolves when the node's agent consumes. */
  awaitAgent(identity: string): Promise<void>;
  close(): Promise<void>;
}

const pollMs = 100;

async function connectObserver(home: PreparedHome, amqp: string): Promise<ChannelModel> {
  const { certificatePem, keyPem } = await issueCertificate(home.authority, { ...observer, validDays: 1 });
  const { hostname, port } = new URL(amqp);
  return connect(
    { protocol: 'amqps', hostname, port: Number(port) },
    {
      ca: [Buffer.from(home.authority.certificatePem)],
      cert: Buffer.from(certificatePem),
      key: Buffer.from(keyPem),
      credentials: credentials.external(),
    },
  );
}

/** Whether somebody consumes from a queue. The broker tells everybody, and closes the channel when there is no such queue. */
async function isConsumed(connection: ChannelModel, queue: string): Promise<boolean> {
  const channel = await connection.createChannel();
  channel.on('error', () => undefined);
  try {
    const { consumerCount } = await channel.checkQueue(queue);
    await channel.close();
    return consumerCount > 0;
  } catch {
    // Its agent has not come yet.
    return false;
  }
}

/** Starts watching. */
export async function watchReadiness(home: PreparedHome, amqp: string): Promise<Readiness> {
  const connection = await connectObserver(home, amqp);
  const awaited = new Map<string, () => void>();
  let closed = false;

  const look = async () => {
    while (!closed) {
      for (const [identity, resolve] of awaited) {
        if (!(await isConsumed(connection, nodeQueueName(identity)))) continue;
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
