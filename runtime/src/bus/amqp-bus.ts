import type { ChannelModel } from 'amqplib';
import { fail, ok, type Fault, type Result } from '@muster/protocol/errors';
import type { Clock, RandomBytes } from '../effects/index.ts';
import { openConnection } from './amqp-connection.ts';
import { channelFault } from './amqp-fault.ts';
import { AmqpPublisher } from './amqp-publisher.ts';
import { openSubscription, type OpenSubscription } from './amqp-subscriber.ts';
import { backoffMs, type BackoffBounds } from './backoff.ts';
import type { Bus, BusState, Publication, Subscribed, Subscription } from './bus.ts';
import type { BrokerSettings } from './settings.ts';

export interface BusOptions {
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  /** Pauses between attempts to connect or to subscribe again; 500 ms to 10 s when absent. */
  readonly backoff?: BackoffBounds;
  /** A silent connection is given up after twice this long, in seconds; 10 when absent. */
  readonly heartbeatSeconds?: number;
}

interface Live {
  readonly connection: ChannelModel;
  readonly publisher: AmqpPublisher;
}

interface Kept {
  subscription: Subscription;
  open: OpenSubscription | null;
  cancelled: boolean;
  retry: ReturnType<typeof setTimeout> | null;
}

const defaultBackoff: BackoffBounds = { minMs: 500, maxMs: 10_000 };

/** The bindings of the first that the second lacks. */
function without(these: Subscription['bindings'], those: Subscription['bindings']): Subscription['bindings'] {
  const known = new Set(those.map(({ exchange, routingKey }) => `${exchange} ${routingKey}`));
  return these.filter(({ exchange, routingKey }) => !known.has(`${exchange} ${routingKey}`));
}

class AmqpBus implements Bus {
  readonly #settings: BrokerSettings;
  readonly #options: BusOptions;
  readonly #backoff: BackoffBounds;
  readonly #listeners = new Set<(state: BusState) => void>();
  readonly #kept = new Set<Kept>();
  #state: BusState;
  #live: Live | null = null;
  #attempt = 0;
  #retry: ReturnType<typeof setTimeout> | null = null;
  #connecting: Promise<void> | null = null;

  constructor(settings: BrokerSettings, options: BusOptions) {
    this.#settings = settings;
    this.#options = options;
    this.#backoff = options.backoff ?? defaultBackoff;
    this.#state = { status: 'connecting', sinceMs: options.clock(), attempt: 1 };
    this.#startConnecting();
  }

  get state(): BusState {
    return this.#state;
  }

  onState(listener: (state: BusState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async publish(publication: Publication): Promise<Result<void>> {
    if (this.#live === null) return fail('broker.closed', 'There is no connection to the broker');
    return this.#live.publisher.publish(publication);
  }

  async subscribe(subscription: Subscription): Promise<Result<Subscribed>> {
    if (this.#live === null) return fail('broker.closed', 'There is no connection to the broker');
    const kept: Kept = { subscription, open: null, cancelled: false, retry: null };
    const opened = await this.#openKept(kept, this.#live);
    if (!opened.ok) return opened;
    this.#kept.add(kept);
    return ok({
      cancel: (options) => this.#cancel(kept, options),
      rebind: (bindings) => this.#rebind(kept, bindings),
    });
  }

  async close(): Promise<void> {
    if (this.#state.status === 'closed') return;
    const live = this.#live;
    this.#live = null;
    this.#setState({ status: 'closed', sinceMs: this.#options.clock() });
    if (this.#retry !== null) clearTimeout(this.#retry);
    await this.#connecting;
    await Promise.all([...this.#kept].map((kept) => this.#cancel(kept)));
    this.#listeners.clear();
    if (live === null) return;
    await live.publisher.close();
    await live.connection.close().catch(() => undefined);
  }

  #setState(state: BusState): void {
    this.#state = state;
    for (const listener of [...this.#listeners]) listener(state);
  }

  #isClosed(): boolean {
    return this.#state.status === 'closed';
  }

  #startConnecting(): void {
    this.#connecting = this.#connect().finally(() => {
      this.#connecting = null;
    });
  }

  async #connect(): Promise<void> {
    this.#attempt += 1;
    const opened = await openConnection(this.#settings, this.#options.heartbeatSeconds ?? 10);
    if (this.#isClosed()) {
      if (opened.ok) await opened.value.connection.close().catch(() => undefined);
      return;
    }
    if (!opened.ok) {
      this.#goDown(opened.error);
      return;
    }
    const { connection, url } = opened.value;
    const live: Live = { connection, publisher: new AmqpPublisher(connection) };
    let reason: Fault = { code: 'broker.closed', message: `The connection to ${url} was lost` };
    connection.on('error', (thrown: unknown) => {
      reason = channelFault(thrown);
    });
    connection.on('close', () => {
      if (this.#live === live) this.#goDown(reason);
    });
    this.#live = live;
    await Promise.all([...this.#kept].map((kept) => this.#resume(kept)));
    // The connection may have been lost while the subscriptions were set up again.
    if (this.#live !== live) return;
    this.#attempt = 0;
    this.#setState({ status: 'up', sinceMs: this.#options.clock(), url });
  }

  #goDown(reason: Fault): void {
    this.#live = null;
    for (const kept of this.#kept) kept.open = null;
    if (this.#isClosed()) return;
    const pauseMs = backoffMs(Math.max(this.#attempt, 1), this.#backoff, this.#options.randomBytes);
    const nowMs = this.#options.clock();
    const sinceMs = this.#state.status === 'down' ? this.#state.sinceMs : nowMs;
    this.#setState({ status: 'down', sinceMs, reason, retryAtMs: nowMs + pauseMs });
    this.#retry = setTimeout(() => this.#startConnecting(), pauseMs);
  }

  async #openKept(kept: Kept, live: Live): Promise<Result<void>> {
    const opened = await openSubscription(live.connection, kept.subscription, (fault) => {
      kept.open = null;
      // A lost connection closes its channels first: only when it is still there afterwards was this channel lost alone.
      setImmediate(() => {
        if (this.#live === live) this.#retryKept(kept, fault);
      });
    });
    if (!opened.ok) return opened;
    if (kept.cancelled) await opened.value.close();
    else kept.open = opened.value;
    return ok(undefined);
  }

  /** Sets a subscription up again after a reconnect, or later when it cannot be now. */
  async #resume(kept: Kept): Promise<void> {
    const live = this.#live;
    if (kept.cancelled || live === null || kept.open !== null) return;
    const opened = await this.#openKept(kept, live);
    if (!opened.ok && this.#live === live) this.#retryKept(kept, opened.error);
  }

  #retryKept(kept: Kept, fault: Fault): void {
    if (kept.cancelled) return;
    kept.subscription.onFault?.(fault);
    if (kept.retry !== null) clearTimeout(kept.retry);
    kept.retry = setTimeout(() => void this.#resume(kept), backoffMs(2, this.#backoff, this.#options.randomBytes));
  }

  async #rebind(kept: Kept, bindings: Subscription['bindings']): Promise<void> {
    const before = kept.subscription.bindings;
    kept.subscription = { ...kept.subscription, bindings };
    await kept.open?.rebind({ added: without(bindings, before), removed: without(before, bindings) });
  }

  async #cancel(kept: Kept, options?: { deleteQueue?: boolean }): Promise<void> {
    kept.cancelled = true;
    if (kept.retry !== null) clearTimeout(kept.retry);
    this.#kept.delete(kept);
    await kept.open?.close(options);
    kept.open = null;
  }
}

/** Begins to connect and goes on trying until closed; the state tells how it fares. */
export const connectBus = (settings: BrokerSettings, options: BusOptions): Bus => new AmqpBus(settings, options);
