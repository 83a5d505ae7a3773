import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import { ok, type Fault, type Result } from '@muster/protocol/errors';
import { seatQueueName, type QueueDeclaration } from '@muster/protocol/topology';
import { answered } from './amqp-answer.ts';
import { deliveryOf } from './amqp-delivery.ts';
import { channelFault } from './amqp-fault.ts';
import type { Subscription } from './bus.ts';

/** A subscription as it stands on one channel. */
export interface OpenSubscription {
  /** Stops consuming; with `deleteQueue` the queue goes too. Never fails. */
  close(options?: { deleteQueue?: boolean }): Promise<void>;
  /** Never fails: what goes wrong closes the channel, of which `onLost` tells. */
  rebind(change: BindingChange): Promise<void>;
}

/** What is bound besides, and what no longer. */
export interface BindingChange {
  readonly added: Subscription['bindings'];
  readonly removed: Subscription['bindings'];
}

const declare = (channel: Channel, name: string, declaration: QueueDeclaration) =>
  channel.assertQueue(name, { ...declaration, arguments: { ...declaration.arguments } });

/** Quorum queues know no only consumer. So a queue beside them that is gone with this channel says who it is. */
async function takeSeat(channel: Channel, queueName: string): Promise<void> {
  const seat = seatQueueName(queueName);
  await declare(channel, seat, { durable: false, exclusive: true, autoDelete: true, arguments: {} });
  await channel.consume(seat, () => undefined, { exclusive: true, noAck: true });
}

async function consume(channel: Channel, subscription: Subscription, onLost: (fault: Fault) => void): Promise<string> {
  const { exclusive } = subscription;
  const { name, declaration } = subscription.queue;
  const isQuorum = declaration.arguments['x-queue-type'] === 'quorum';
  if (exclusive && isQuorum) await takeSeat(channel, name);
  await declare(channel, name, declaration);
  for (const { exchange, routingKey } of subscription.bindings) await channel.bindQueue(name, exchange, routingKey);
  await channel.prefetch(subscription.prefetch);
  const onMessage = (message: ConsumeMessage | null) => {
    if (message === null) onLost({ code: 'broker.closed', message: `The queue ${name} was deleted` });
    else subscription.onDelivery(deliveryOf(message, channel));
  };
  const { consumerTag } = await channel.consume(name, onMessage, { exclusive: exclusive && !isQuorum });
  return consumerTag;
}

async function bind(channel: Channel, queue: string, { added, removed }: BindingChange): Promise<void> {
  for (const { exchange, routingKey } of added) await channel.bindQueue(queue, exchange, routingKey);
  for (const { exchange, routingKey } of removed) await channel.unbindQueue(queue, exchange, routingKey);
}

/**
 * Sets a subscription up on a channel of its own, and gives a broker `answerMs` milliseconds for each answer. `onLost` is called at most once, when
 * the broker takes it away.
 */
export async function openSubscription(
  connection: ChannelModel,
  subscription: Subscription,
  answerMs: number,
  onLost: (fault: Fault) => void,
): Promise<Result<OpenSubscription>> {
  const { name } = subscription.queue;
  let isEnding = false;
  const closed: { by: Fault | null } = { by: null };
  try {
    const channel = await answered(connection.createChannel(), answerMs, () => undefined);
    const closeChannel = () => channel.close().catch(() => undefined);
    const inTime = <T>(work: Promise<T>) => answered(work, answerMs, () => void closeChannel());
    const lose = (fault: Fault) => {
      if (isEnding) return;
      isEnding = true;
      onLost(fault);
    };
    channel.on('error', (thrown: unknown) => {
      closed.by = channelFault(thrown);
    });
    let isConsuming = false;
    channel.on('close', () => {
      if (isConsuming) lose(closed.by ?? { code: 'broker.closed', message: 'The channel was closed' });
    });
    const consumerTag = await inTime(
      consume(channel, subscription, (fault) => {
        lose(fault);
        void closeChannel();
      }),
    );
    isConsuming = true;
    const leave = async (deletesQueue: boolean) => {
      await channel.cancel(consumerTag);
      if (deletesQueue) await channel.deleteQueue(name);
      await channel.close();
    };
    return ok({
      async rebind({ added, removed }) {
        try {
          await inTime(bind(channel, name, { added, removed }));
        } catch {
          // The channel is closed over it.
        }
      },
      async close(options = {}) {
        isEnding = true;
        try {
          await inTime(leave(options.deleteQueue === true));
        } catch {
          // The channel or the connection is gone, or going, and the consumer with it.
        }
      },
    });
  } catch (thrown) {
    isEnding = true;
    return { ok: false, error: closed.by ?? channelFault(thrown) };
  }
}
