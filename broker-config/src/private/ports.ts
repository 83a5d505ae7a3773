import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { keptSecret, writePrivate } from '../secrets/index.ts';

const portsSchema = z.strictObject({ amqps: z.int(), distribution: z.int(), epmd: z.int() });

/** Where a private broker listens on 127.0.0.1. */
export type BrokerPorts = z.infer<typeof portsSchema>;

// Below the range that Linux takes ports of outgoing connections from, so that a kept port is still free at the next start.
const firstPort = 20_000;
const endPort = 32_000;

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

async function freePort(taken: readonly number[]): Promise<number> {
  for (;;) {
    const port = randomInt(firstPort, endPort);
    if (!taken.includes(port) && (await isFree(port))) return port;
  }
}

async function keptPorts(file: string): Promise<BrokerPorts | undefined> {
  try {
    return portsSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    // None kept yet, or unreadable: new ones are as good.
    return undefined;
  }
}

/**
 * The Erlang name of the broker in a folder, `muster-PORT@127.0.0.1` of the port that it had first: RabbitMQ keeps its data
 * under this name, so it stays when the port cannot.
 */
export const erlangName = (folder: string, ports: BrokerPorts): Promise<string> =>
  keptSecret(join(folder, 'erlang-name'), () => `muster-${ports.amqps}@127.0.0.1`);

/**
 * The ports that a folder keeps when they are all free, else new ones, which it then keeps. With `epmdPort` the name
 * service is one that runs there already.
 */
export async function choosePorts(folder: string, epmdPort?: number): Promise<BrokerPorts> {
  const file = join(folder, 'ports.json');
  const kept = await keptPorts(file);
  if (kept !== undefined) await erlangName(folder, kept);
  const own = kept && (epmdPort === undefined ? Object.values(kept) : [kept.amqps, kept.distribution]);
  if (own && (epmdPort ?? kept.epmd) === kept.epmd && (await Promise.all(own.map(isFree))).every(Boolean)) return kept;
  const amqps = await freePort([]);
  const distribution = await freePort([amqps]);
  const epmd = epmdPort ?? (await freePort([amqps, distribution]));
  const ports = { amqps, distribution, epmd };
  await writePrivate(file, `${JSON.stringify(ports)}\n`);
  return ports;
}
