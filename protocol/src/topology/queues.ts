/** How RabbitMQ keeps a lasting queue: on one broker (`classic`), or on several that agree (`quorum`). */
export const queueTypes = ['classic', 'quorum'] as const;
export type QueueType = (typeof queueTypes)[number];

/** How a queue is declared. All parties must declare it alike, so the arguments live here. */
export interface QueueDeclaration {
  readonly durable: boolean;
  readonly exclusive: boolean;
  readonly autoDelete: boolean;
  readonly arguments: Readonly<Record<string, string | number>>;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** A queue that outlives connections and restarts, and vanishes when nobody consumed from it for `expiresMs`. */
const lastingQueue = (
  type: QueueType,
  expiresMs: number,
  more: QueueDeclaration['arguments'] = {},
): QueueDeclaration => ({
  durable: true,
  exclusive: false,
  autoDelete: false,
  arguments: {
    'x-queue-type': type,
    ...(type === 'classic' ? { 'x-queue-version': 2 } : {}),
    'x-expires': expiresMs,
    ...more,
  },
});

/**
 * A node's queue, in which requests wait for it. It vanishes when unused for 31 days, a day more than a request can
 * wait at most. A full queue refuses what comes next: the sender hears `broker.rejected`.
 */
export const nodeQueue = (type: QueueType): QueueDeclaration =>
  lastingQueue(type, 31 * dayMs, {
    'x-max-length': 10_000,
    'x-max-length-bytes': 256 * 1024 * 1024,
    'x-overflow': 'reject-publish',
  });

/**
 * A run's reply queue, in which answers wait for the console. `expiresMs` (1 ms to 49 days; a day when absent) is how
 * long it stays when no console consumes from it.
 */
export const replyQueue = (type: QueueType, expiresMs: number = dayMs): QueueDeclaration =>
  lastingQueue(type, expiresMs);

/** A console's ear for registrations: what it misses while away it learns when it asks the fleet. */
export const registryQueue: QueueDeclaration = {
  durable: false,
  exclusive: true,
  autoDelete: true,
  arguments: { 'x-max-length': 100_000, 'x-message-ttl': 10 * minuteMs },
};

/** Held by being the one who consumes from it; it goes with its holder's connection. Nothing is ever sent to it. */
export const lockQueue: QueueDeclaration = { durable: false, exclusive: true, autoDelete: true, arguments: {} };
