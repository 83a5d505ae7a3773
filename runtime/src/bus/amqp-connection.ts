import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { connect, credentials, type ChannelModel } from 'amqplib';
import { fail, ok, type Fault, type Result } from '@muster/protocol/errors';
import { serverOf, wayTo, type Server } from '../proxy/index.ts';
import { connectFault } from './amqp-fault.ts';
import { brokerCheck } from './check-broker.ts';
import type { BrokerSettings } from './settings.ts';

/** How long one attempt to connect may take, in milliseconds. */
const connectTimeoutMs = 5_000;

/** By our certificate alone where there is no account. */
const credentialsOf = ({ account }: BrokerSettings) =>
  account === undefined ? credentials.external() : credentials.plain(account.username, account.password);

/** Options of the socket to a broker: what the proxy opened, where there is one. Rejects when it opens nothing. */
async function socketTo({ proxy }: BrokerSettings, server: Server): Promise<{ readonly socket?: Socket }> {
  const way = await wayTo(proxy, server, AbortSignal.timeout(connectTimeoutMs));
  if (way === 'directly') return {};
  if ('trouble' in way) throw new Error(way.trouble);
  return way;
}

async function openOne(url: string, settings: BrokerSettings, heartbeatSeconds: number): Promise<ChannelModel> {
  const parsed = new URL(url);
  const server = serverOf(parsed, 5671);
  const socket = await socketTo(settings, server);
  const vhost = decodeURIComponent(parsed.pathname.slice(1));
  return connect(
    {
      protocol: 'amqps',
      hostname: server.host,
      port: server.port,
      vhost: vhost === '' ? '/' : vhost,
      heartbeat: heartbeatSeconds,
    },
    {
      ca: settings.ca,
      cert: settings.certificate,
      key: settings.key,
      minVersion: 'TLSv1.2',
      checkServerIdentity: brokerCheck(settings),
      timeout: connectTimeoutMs,
      noDelay: true,
      credentials: credentialsOf(settings),
      clientProperties: { connection_name: settings.connectionName, product: 'Muster' },
      ...(settings.serverName === undefined ? {} : { servername: settings.serverName }),
      ...socket,
    },
  );
}

/** Connects to the first of the brokers that takes us, in this order. Errors: why the last of them did not. */
export async function openConnection(
  settings: BrokerSettings,
  urls: readonly string[],
  heartbeatSeconds: number,
): Promise<Result<{ connection: ChannelModel; url: string }>> {
  let last: Fault = { code: 'broker.unreachable', message: 'The configuration names no broker' };
  await settings.revocations?.refresh();
  for (const url of urls) {
    try {
      const connection = await openOne(url, settings, heartbeatSeconds);
      return ok({ connection, url });
    } catch (thrown) {
      last = connectFault(thrown, url, settings.account === undefined ? 'certificate' : 'account');
    }
  }
  return fail(last.code, last.message, last.mend === undefined ? {} : { mend: last.mend });
}

/** Lets go of the socket, which would wait for a broker that no longer answers until the kernel gives up. */
export function dropSocket(connection: ChannelModel): void {
  // amqplib does not declare its stream.
  const inner: object = connection.connection;
  if ('stream' in inner && inner.stream instanceof Duplex) inner.stream.destroy();
}

/** Closes within `graceMs` milliseconds, whether the broker answers or not. Never fails. */
export async function closeConnection(connection: ChannelModel, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => connection.once('close', () => resolve()));
  const givenUp = new AbortController();
  await Promise.race([
    connection.close().catch(() => undefined),
    closed,
    pause(graceMs, undefined, { signal: givenUp.signal }).catch(() => undefined),
  ]);
  givenUp.abort();
  dropSocket(connection);
}
