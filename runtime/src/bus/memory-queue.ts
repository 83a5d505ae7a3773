import type { Fault } from '@muster/protocol/errors';
import { queuePolicies, type QueueDeclaration } from '@muster/protocol/topology';
import type { Died, Subscription } from './bus.ts';

export interface Message {
  readonly body: Uint8Array;
  readonly exchange: string;
  readonly routingKey: string;
  /** The routing key and, for the way back, the undelivered key. */
  readonly keys: readonly string[];
  readonly expiresAtMs: number;
  readonly died: Died | null;
  redelivered: boolean;
}

export interface Consumer {
  readonly subscription: Subscription;
  /** The queue was deleted under it. */
  readonly onLost: (fault: Fault) => void;
  readonly unacknowledged: Set<Message>;
}

/** The longest that a timer of JavaScript can wait, in milliseconds. */
const longestTimerMs = 2 ** 31 - 1;

/** A queue in memory: what RabbitMQ's does, as far as Muster uses it. */
export class MemoryQueue {
  readonly name: string;
  readonly declaration: QueueDeclaration;
  /** The connection that alone may use an exclusive queue. */
  readonly owner: object;
  readonly consumers: Consumer[] = [];
  readonly #waiting: Message[] = [];
  readonly #clock: () => number;
  readonly #bury: (message: Message, died: Died) => void;
  bindings: Subscription['bindings'] = [];
  #unusedSinceMs: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    queue: Subscription['queue'],
    parts: { owner: object; clock: () => number; bury: (message: Message, died: Died, exchange: string) => void },
  ) {
    this.name = queue.name;
    this.declaration = queue.declaration;
    this.owner = parts.owner;
    this.#clock = parts.clock;
    this.#unusedSinceMs = parts.clock();
    const policy = queuePolicies.find(({ pattern }) => new RegExp(pattern).test(queue.name));
    const grave = policy?.definition['dead-letter-exchange'];
    this.#bury = (message, died) => {
      if (typeof grave === 'string') parts.bury(message, died, grave);
    };
  }

  /** Whether nobody has consumed from it for as long as it was declared to wait. */
  get hasExpired(): boolean {
    const expiresMs = this.declaration.arguments['x-expires'];
    return (
      typeof expiresMs === 'number' && this.consumers.length === 0 && this.#clock() >= this.#unusedSinceMs + expiresMs
    );
  }

  /** False when it is full. */
  offer(message: Message): boolean {
    this.#letExpire();
    const { 'x-max-length': count = Infinity, 'x-max-length-bytes': bytes = Infinity } = this.declaration.arguments;
    const waitingBytes = this.#waiting.reduce((sum, { body }) => sum + body.length, 0);
    if (this.#waiting.length >= Number(count) || waitingBytes + message.body.length > Number(bytes)) return false;
    this.#waiting.push(message);
    this.deliver();
    return true;
  }

  deliver(): void {
    this.#letExpire();
    for (;;) {
      const consumer = this.consumers.find(
        ({ subscription, unacknowledged }) => unacknowledged.size < subscription.prefetch,
      );
      const message = consumer === undefined ? undefined : this.#waiting.shift();
      if (consumer === undefined || message === undefined) break;
      this.#handOver(message, consumer);
    }
    this.#awaitExpiry();
  }

  /** Lets a consumer go; what it did not acknowledge waits again, before all else. */
  remove(consumer: Consumer): void {
    const index = this.consumers.indexOf(consumer);
    if (index >= 0) this.consumers.splice(index, 1);
    if (this.consumers.length === 0) this.#unusedSinceMs = this.#clock();
    for (const message of consumer.unacknowledged) message.redelivered = true;
    this.#waiting.unshift(...consumer.unacknowledged);
    consumer.unacknowledged.clear();
    this.deliver();
  }

  /** Takes it from those who still consume. */
  close(): void {
    clearTimeout(this.#timer);
    for (const consumer of this.consumers.splice(0)) {
      consumer.unacknowledged.clear();
      consumer.onLost({ code: 'broker.closed', message: `The queue ${this.name} was deleted` });
    }
  }

  #handOver(message: Message, consumer: Consumer): void {
    consumer.unacknowledged.add(message);
    const { body, exchange, routingKey, redelivered, died } = message;
    const ack = () => {
      if (consumer.unacknowledged.delete(message)) this.deliver();
    };
    queueMicrotask(() => {
      if (consumer.unacknowledged.has(message))
        consumer.subscription.onDelivery({ body, exchange, routingKey, redelivered, died, ack });
    });
  }

  /** As in RabbitMQ, only the message at the head expires: those behind a longer-lived one wait with it. */
  #letExpire(): void {
    for (let [head] = this.#waiting; head !== undefined && head.expiresAtMs <= this.#clock(); [head] = this.#waiting) {
      this.#waiting.shift();
      this.#bury(head, { queue: this.name, reason: 'expired' });
    }
  }

  #awaitExpiry(): void {
    clearTimeout(this.#timer);
    const [head] = this.#waiting;
    if (head === undefined || head.expiresAtMs === Infinity) return;
    const waitMs = Math.min(Math.max(1, head.expiresAtMs - this.#clock()), longestTimerMs);
    this.#timer = setTimeout(() => this.deliver(), waitMs);
    this.#timer.unref();
  }
}
