import { isDeepStrictEqual } from 'node:util';
import { fail, ok, type Fault, type Result } from '@muster/protocol/errors';
import { enrolmentExchanges, exchangeName, exchangePurposes, undeliveredExchange } from '@muster/protocol/topology';
import type { Died, Publication, Subscription } from './bus.ts';
import { MemoryQueue, type Consumer, type Message } from './memory-queue.ts';

/** Whether a topic pattern with `*` (one word) and `#` (any number) covers a key. */
function topicCovers(pattern: readonly string[], key: readonly string[]): boolean {
  const [head, ...rest] = pattern;
  if (head === undefined) return key.length === 0;
  if (head === '#') return topicCovers(rest, key) || (key.length > 0 && topicCovers(pattern, key.slice(1)));
  return key.length > 0 && (head === '*' || head === key[0]) && topicCovers(rest, key.slice(1));
}

const covers = (pattern: string, key: string): boolean => topicCovers(pattern.split('.'), key.split('.'));

/** Exchanges, queues and deliveries in memory: what the broker does, as far as Muster uses it. */
export class MemoryExchanges {
  readonly #exchanges = new Set<string>([undeliveredExchange, ...Object.keys(enrolmentExchanges)]);
  readonly #queues = new Map<string, MemoryQueue>();
  readonly #clock: () => number;

  constructor(collectives: readonly string[], clock: () => number) {
    this.#clock = clock;
    for (const collective of collectives) {
      for (const purpose of exchangePurposes) this.#exchanges.add(exchangeName(collective, purpose));
    }
  }

  publish(publication: Publication): Result<void> {
    const { exchange, routingKey, undeliveredKey, expirationMs = Infinity } = publication;
    if (!this.#exchanges.has(exchange)) return fail('broker.closed', `There is no exchange ${exchange}`);
    const keys = [routingKey, ...(undeliveredKey === undefined ? [] : [undeliveredKey])];
    const takers = this.#takers(exchange, keys);
    const took = takers.map((queue) =>
      queue.offer({
        body: publication.body,
        exchange,
        routingKey,
        keys,
        expiresAtMs: this.#clock() + expirationMs,
        died: null,
        redelivered: false,
      }),
    );
    if (took.includes(false))
      return fail('broker.rejected', `A queue for "${routingKey}" is full, or cannot be written to`);
    if (takers.length === 0 && publication.mandatory)
      return fail('broker.unroutable', `No queue takes messages for "${routingKey}"`);
    return ok(undefined);
  }

  /** `owner` stands for the connection. */
  consume(
    subscription: Subscription,
    owner: object,
    onLost: (fault: Fault) => void,
  ): Result<{ stop: (deleteQueue: boolean) => void }> {
    const { name, declaration } = subscription.queue;
    this.#dropExpired();
    const queue =
      this.#queues.get(name) ??
      new MemoryQueue(subscription.queue, {
        owner,
        clock: this.#clock,
        bury: (message, died, grave) => this.#bury(message, died, grave),
      });
    if (!isDeepStrictEqual(queue.declaration, declaration))
      return fail('broker.queue_differs', `The queue ${name} is there already, declared with other arguments`);
    if (
      (queue.declaration.exclusive && queue.owner !== owner) ||
      queue.consumers.some((consumer) => consumer.subscription.exclusive) ||
      (subscription.exclusive && queue.consumers.length > 0)
    ) {
      return fail('identity.duplicate', 'Another consumer holds the queue: the identity is in use');
    }
    if (subscription.bindings.some((binding) => !this.#exchanges.has(binding.exchange)))
      return fail('broker.closed', 'There is no such exchange');
    this.#queues.set(name, queue);
    queue.bindings = [...queue.bindings, ...subscription.bindings];
    const consumer: Consumer = { subscription, onLost, unacknowledged: new Set() };
    queue.consumers.push(consumer);
    queue.deliver();
    return ok({ stop: (deleteQueue) => this.#stop(queue, consumer, deleteQueue) });
  }

  /** Unbinds what a subscription had bound, and binds this instead. */
  rebind(queueName: string, before: Subscription['bindings'], bindings: Subscription['bindings']): void {
    const queue = this.#queues.get(queueName);
    if (queue === undefined) return;
    const wasBound = ({ exchange, routingKey }: Subscription['bindings'][number]): boolean =>
      before.some((binding) => binding.exchange === exchange && binding.routingKey === routingKey);
    queue.bindings = [...queue.bindings.filter((binding) => !wasBound(binding)), ...bindings];
  }

  #takers(exchange: string, keys: readonly string[]): MemoryQueue[] {
    this.#dropExpired();
    return [...this.#queues.values()].filter((queue) =>
      queue.bindings.some(
        (binding) => binding.exchange === exchange && keys.some((key) => covers(binding.routingKey, key)),
      ),
    );
  }

  /** A message that died goes on under all its keys, and no longer expires. */
  #bury(message: Message, died: Died, grave: string): void {
    for (const queue of this.#takers(grave, message.keys))
      queue.offer({ ...message, exchange: grave, died, expiresAtMs: Infinity, redelivered: false });
  }

  #stop(queue: MemoryQueue, consumer: Consumer, deleteQueue: boolean): void {
    queue.remove(consumer);
    if (deleteQueue || (queue.declaration.autoDelete && queue.consumers.length === 0)) this.#delete(queue);
  }

  #delete(queue: MemoryQueue): void {
    if (this.#queues.get(queue.name) === queue) this.#queues.delete(queue.name);
    queue.close();
  }

  #dropExpired(): void {
    for (const queue of this.#queues.values()) if (queue.hasExpired) this.#delete(queue);
  }
}
