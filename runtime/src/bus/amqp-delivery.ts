import type { Channel, ConsumeMessage } from 'amqplib';
import { undeliveredExchange, undeliveredHereExchange, undeliveredThereExchange } from '@muster/protocol/topology';
import { z } from 'zod';
import type { Delivery, Died } from './bus.ts';

/** RabbitMQ's record of where a message died; the last death comes first. */
const deaths = z.tuple(
  [z.object({ queue: z.string(), reason: z.enum(['expired', 'maxlen', 'rejected', 'delivery_limit']) })],
  z.unknown(),
);

/** Exchanges that bring back what died; the broker alone writes to them. */
const bringBack: readonly string[] = [undeliveredExchange, undeliveredHereExchange, undeliveredThereExchange];

/** A sender can write such a header too, but nobody can send to these exchanges. */
function diedOf({ fields, properties }: ConsumeMessage): Died | null {
  if (!bringBack.includes(fields.exchange)) return null;
  const read = deaths.safeParse(properties.headers?.['x-death']);
  return read.success ? { queue: read.data[0].queue, reason: read.data[0].reason } : null;
}

/** A message as it came on a channel; acknowledged at most once, and not at all when the channel is gone. */
export function deliveryOf(message: ConsumeMessage, channel: Channel): Delivery {
  let isOpen = true;
  return {
    body: message.content,
    exchange: message.fields.exchange,
    routingKey: message.fields.routingKey,
    redelivered: message.fields.redelivered,
    died: diedOf(message),
    ack: () => {
      if (!isOpen) return;
      isOpen = false;
      try {
        channel.ack(message);
      } catch {
        // The channel is gone: the broker delivers the message again.
      }
    },
  };
}
