import { fail, ok, type Result } from '@muster/protocol/errors';
import { exchangeKinds, exchangeName, type ExchangePurpose } from '@muster/protocol/topology';
import type { Publication, Subscription } from './bus.ts';

interface Message {
  readonly body: Uint8Array;
  readonly exchange: string;
  readonly routingKey: string;
  redelivered: boolean;
}

interface Consumer {
  readonly subscription: Subscription;
  readonly unacknowledged: Set<Message>;
}

interface Queue {
  readonly name: string;
  bindings: { readonly exchange: string; readonly routingKey: string }[];
  readonly waiting: Message[];
  readonly consumers: Consumer[];
}

/** Whether a topic pattern with `*` (one word) and `#` (any number) covers a key. */
function topicCovers(pattern: readonly string[], key: readonly string[]): boolean {
  const [head, ...rest] = pattern;
  if (head === undefined) return key.length === 0;
  if (head === '#') return topicCovers(rest, key) || (key.length > 0 && topicCovers(pattern, key.slice(1)));
  return key.length > 0 && (head === '*' || head === key[0]) && topicCovers(rest, key.slice(1));
}

/** Exchanges, queues and deliveries in memory: what the broker does, as far as Muster uses it. */
export class MemoryExchanges {
  readonly #exchanges = new Map<string, 'topic' | 'direct'>();
  readonly #queues = new Map<string, Queue>();

  constructor(collectives: readonly string[]) {
    for (const collective of collectives) {
      for (const [purpose, kind] of Object.entries(exchangeKinds)) {
        // Object.entries widens the keys that the table has.
        this.#exchanges.set(exchangeName(collective, purpose as ExchangePurpose), kind);
      }
    }
  }

  publish(publication: Publication): Result<void> {
    const kind = this.#exchanges.get(publication.exchange);
    if (kind === undefined) return fail('broker.closed', `There is no exchange ${publication.exchange}`);
    const covers = (routingKey: string) =>
      kind === 'direct'
        ? routingKey === publication.routingKey
        : topicCovers(routingKey.split('.'), publication.routingKey.split('.'));
    const takers = [...this.#queues.values()].filter((queue) =>
      queue.bindings.some((binding) => binding.exchange === publication.exchange && covers(binding.routingKey)),
    );
    for (const queue of takers) {
      queue.waiting.push({
        body: publication.body,
        exchange: publication.exchange,
        routingKey: publication.routingKey,
        redelivered: false,
      });
      this.#deliver(queue);
    }
    if (takers.length === 0 && publication.mandatory)
      return fail('broker.unroutable', `No queue takes messages for "${publication.routingKey}"`);
    return ok(undefined);
  }

  consume(subscription: Subscription): Result<{ stop: (deleteQueue: boolean) => void }> {
    const { name } = subscription.queue;
    const queue = this.#queues.get(name) ?? { name, bindings: [], waiting: [], consumers: [] };
    if (
      queue.consumers.some((consumer) => consumer.subscription.exclusive) ||
      (subscription.exclusive && queue.consumers.length > 0)
    ) {
      return fail('identity.duplicate', 'Another consumer holds the queue: the identity is in use');
    }
    if (subscription.bindings.some((binding) => !this.#exchanges.has(binding.exchange)))
      return fail('broker.closed', 'There is no such exchange');
    this.#queues.set(name, queue);
    queue.bindings.push(...subscription.bindings);
    const consumer: Consumer = { subscription, unacknowledged: new Set() };
    queue.consumers.push(consumer);
    this.#deliver(queue);
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

  #stop(queue: Queue, consumer: Consumer, deleteQueue: boolean): void {
    const index = queue.consumers.indexOf(consumer);
    if (index >= 0) queue.consumers.splice(index, 1);
    for (const message of consumer.unacknowledged) message.redelivered = true;
    queue.waiting.unshift(...consumer.unacknowledged);
    consumer.unacknowledged.clear();
    const { autoDelete } = consumer.subscription.queue.declaration;
    if (deleteQueue || (autoDelete && queue.consumers.length === 0)) this.#queues.delete(queue.name);
    else this.#deliver(queue);
  }

  #deliver(queue: Queue): void {
    for (;;) {
      const consumer = queue.consumers.find(
        ({ subscription, unacknowledged }) => unacknowledged.size < subscription.prefetch,
      );
      const message = consumer === undefined ? undefined : queue.waiting.shift();
      if (consumer === undefined || message === undefined) return;
      consumer.unacknowledged.add(message);
      const ack = () => {
        if (consumer.unacknowledged.delete(message)) this.#deliver(queue);
      };
      queueMicrotask(() => {
        if (consumer.unacknowledged.has(message)) consumer.subscription.onDelivery({ ...message, died: null, ack });
      });
    }
  }
}
