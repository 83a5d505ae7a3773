import { connect, credentials, type Channel, type ChannelModel, type ConfirmChannel } from 'amqplib';
import type { BrokerSettings } from '@muster/runtime/bus';

/** A bare AMQP connection, for what the product's own bus would not let a test do. */
export async function connectAmqp(settings: BrokerSettings): Promise<ChannelModel> {
  const url = new URL(settings.urls[0] ?? '');
  const connection = await connect(
    {
      protocol: 'amqps',
      hostname: url.hostname,
      port: Number(url.port),
    },
    {
      ca: [Buffer.from(settings.ca)],
      credentials:
        settings.account === undefined
          ? credentials.external()
          : credentials.plain(settings.account.username, settings.account.password),
      ...(settings.certificate === ''
        ? {}
        : { cert: Buffer.from(settings.certificate), key: Buffer.from(settings.key) }),
    },
  );
  connection.on('error', () => undefined);
  return connection;
}

/** A channel whose errors end up in the promise of the call that caused them. */
export async function openChannel(connection: ChannelModel): Promise<Channel> {
  const channel = await connection.createChannel();
  channel.on('error', () => undefined);
  return channel;
}

/** Publishes one message and waits until the broker took it. Rejects when the broker closes the channel over it. */
export async function publishConfirmed(
  connection: ChannelModel,
  exchange: string,
  routingKey: string,
  body = 'test',
): Promise<void> {
  const channel: ConfirmChannel = await connection.createConfirmChannel();
  const refused = new Promise<never>((_resolve, reject) => channel.once('error', reject));
  channel.publish(exchange, routingKey, Buffer.from(body));
  await Promise.race([channel.waitForConfirms(), refused]);
  await channel.close();
}
