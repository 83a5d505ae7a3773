import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { z } from 'zod';
import { writePrivate } from '../secrets/index.ts';

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

/** The Erlang name of a private broker: `muster-PORT@127.0.0.1`. */
export const erlangName = (ports: BrokerPorts): string => `muster-${ports.amqps}@127.0.0.1`;

/**
 * The ports that `file` keeps when they are all free, else new ones, which `file` then keeps. With `epmdPort` the name
 * service is one that runs there already.
 */
export async function choosePorts(file: string, epmdPort?: number): Promise<BrokerPorts> {
  const kept = await keptPorts(file);
  const own = kept && (epmdPort === undefined ? Object.values(kept) : [kept.amqps, kept.distribution]);
  if (own && (epmdPort ?? kept.epmd) === kept.epmd && (await Promise.all(own.map(isFree))).every(Boolean)) return kept;
  const amqps = await freePort([]);
  const distribution = await freePort([amqps]);
  const epmd = epmdPort ?? (await freePort([amqps, distribution]));
  const ports = { amqps, distribution, epmd };
  await writePrivate(file, `${JSON.stringify(ports)}\n`);
  return ports;
}
