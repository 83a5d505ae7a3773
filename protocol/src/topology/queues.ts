/** How a queue is declared. All parties must declare it alike, so the arguments live here. */
export interface QueueDeclaration {
  readonly durable: boolean;
  readonly exclusive: boolean;
  readonly autoDelete: boolean;
  readonly arguments: Readonly<Record<string, string | number>>;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** A node's queue outlives its connection, so that requests wait for it; it vanishes when unused for a week. */
export const nodeQueue: QueueDeclaration = {
  durable: true,
  exclusive: false,
  autoDelete: false,
  arguments: {
    'x-expires': 7 * dayMs,
    'x-max-length': 10_000,
    'x-max-length-bytes': 256 * 1024 * 1024,
    'x-overflow': 'reject-publish',
  },
};

/** A run's reply queue outlives the console's connection, so that answers wait for it; it vanishes when unused for a day. */
export const replyQueue: QueueDeclaration = {
  durable: true,
  exclusive: false,
  autoDelete: false,
  arguments: { 'x-expires': dayMs },
};

/** A console's ear for registrations: what it misses while away it learns when it asks the fleet. */
export const registryQueue: QueueDeclaration = {
  durable: false,
  exclusive: true,
  autoDelete: true,
  arguments: { 'x-max-length': 100_000, 'x-message-ttl': 10 * minuteMs },
};
