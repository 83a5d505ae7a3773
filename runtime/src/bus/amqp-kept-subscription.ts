import type { ChannelModel } from 'amqplib';
import { ok, type Fault, type Result } from '@muster/protocol/errors';
import type { RandomBytes } from '../effects/index.ts';
import { openSubscription, type OpenSubscription } from './amqp-subscriber.ts';
import { backoffMs, type BackoffBounds } from './backoff.ts';
import type { Subscription } from './bus.ts';

type Bindings = Subscription['bindings'];

/** The bindings of the first that the second lacks. */
function without(these: Bindings, those: Bindings): Bindings {
  const known = new Set(those.map(({ exchange, routingKey }) => `${exchange} ${routingKey}`));
  return these.filter(({ exchange, routingKey }) => !known.has(`${exchange} ${routingKey}`));
}

const change = (before: Bindings, after: Bindings) => ({
  added: without(after, before),
  removed: without(before, after),
});

/** How long the broker may take to answer, in milliseconds, and the pauses between attempts. */
interface SubscriptionTiming {
  readonly answerMs: number;
  readonly backoff: BackoffBounds;
  readonly randomBytes: RandomBytes;
}

/** A subscription that outlives channels and connections: set up again on each new connection, and when it was lost alone. */
export class KeptSubscription {
  readonly #timing: SubscriptionTiming;
  #subscription: Subscription;
  #connection: ChannelModel | null = null;
  #open: OpenSubscription | null = null;
  #isCancelled = false;
  #failures = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(subscription: Subscription, timing: SubscriptionTiming) {
    this.#subscription = subscription;
    this.#timing = timing;
  }

  /** Sets it up for the first time. Errors: as `Bus.subscribe`; then it is not kept. */
  async start(connection: ChannelModel): Promise<Result<void>> {
    this.#connection = connection;
    const asked = this.#subscription;
    const opened = await openSubscription(connection, asked, this.#timing.answerMs, (fault) =>
      this.#lose(connection, fault),
    );
    if (!opened.ok) return opened;
    if (this.#isCancelled || this.#connection !== connection) {
      await opened.value.close();
      return ok(undefined);
    }
    this.#open = opened.value;
    this.#failures = 0;
    await opened.value.rebind(change(asked.bindings, this.#subscription.bindings));
    return ok(undefined);
  }

  /** Sets it up again; when that fails, says so and goes on trying as long as the connection lasts. Never fails. */
  async resume(connection: ChannelModel): Promise<void> {
    const started = await this.start(connection);
    if (!started.ok && this.#connection === connection) this.#tryLater(connection, started.error);
  }

  /** The connection is lost, and the consumer with it. */
  detach(): void {
    this.#connection = null;
    this.#open = null;
    clearTimeout(this.#retry);
  }

  async rebind(bindings: Bindings): Promise<void> {
    const before = this.#subscription.bindings;
    this.#subscription = { ...this.#subscription, bindings };
    await this.#open?.rebind(change(before, bindings));
  }

  async cancel(options?: { deleteQueue?: boolean }): Promise<void> {
    this.#isCancelled = true;
    clearTimeout(this.#retry);
    await this.#open?.close(options);
    this.#open = null;
  }

  #lose(connection: ChannelModel, fault: Fault): void {
    this.#open = null;
    // A lost connection closes its channels first: only when it is still there afterwards was this channel lost alone.
    setImmediate(() => {
      if (this.#connection === connection) this.#tryLater(connection, fault);
    });
  }

  #tryLater(connection: ChannelModel, fault: Fault): void {
    if (this.#isCancelled) return;
    this.#subscription.onFault?.(fault);
    this.#failures += 1;
    const { backoff, randomBytes } = this.#timing;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.resume(connection), backoffMs(this.#failures, backoff, randomBytes));
  }
}
