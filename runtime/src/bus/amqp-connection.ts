import { connect, type ChannelModel } from 'amqplib';
import { fail, ok, type Fault, type Result } from '@muster/protocol/errors';
import { connectFault } from './amqp-fault.ts';
import type { BrokerSettings } from './settings.ts';

/** How long one attempt to connect may take, in milliseconds. */
const connectTimeoutMs = 5_000;

async function openOne(url: string, settings: BrokerSettings, heartbeatSeconds: number): Promise<ChannelModel> {
  const { hostname, port, pathname } = new URL(url);
  const vhost = decodeURIComponent(pathname.slice(1));
  return connect(
    {
      protocol: 'amqps',
      hostname,
      port: port === '' ? 5671 : Number(port),
      username: settings.username,
      password: settings.password,
      vhost: vhost === '' ? '/' : vhost,
      heartbeat: heartbeatSeconds,
    },
    {
      ca: settings.ca,
      cert: settings.certificate,
      key: settings.key,
      minVersion: 'TLSv1.2',
      timeout: connectTimeoutMs,
      noDelay: true,
      clientProperties: { connection_name: settings.connectionName, product: 'Muster' },
      ...(settings.serverName === undefined ? {} : { servername: settings.serverName }),
    },
  );
}

/** Connects to the first of the brokers that takes us. Errors: why the last of them did not. */
export async function openConnection(
  settings: BrokerSettings,
  heartbeatSeconds: number,
): Promise<Result<{ connection: ChannelModel; url: string }>> {
  let last: Fault = { code: 'broker.unreachable', message: 'The configuration names no broker' };
  for (const url of settings.urls) {
    try {
      const connection = await openOne(url, settings, heartbeatSeconds);
      return ok({ connection, url });
    } catch (thrown) {
      last = connectFault(thrown, url);
    }
  }
  return fail(last.code, last.message, last.mend === undefined ? {} : { mend: last.mend });
}
