import { fail, ok, type Result } from '@muster/protocol/errors';
import type { Clock } from '../effects/index.ts';
import type { Bus, BusState, Publication, Subscribed, Subscription } from './bus.ts';
import { MemoryExchanges } from './memory-broker.ts';

/** A broker without a network, for tests; the conformance suite of {@link Bus} holds for it and for RabbitMQ alike. */
export interface MemoryBroker {
  connect(): Bus;
  /** Cuts all connections, as a broker that goes away does. */
  stop(): void;
  /** Lets them come back, with their subscriptions. */
  start(): void;
}

class MemoryBus implements Bus {
  readonly #exchanges: MemoryExchanges;
  readonly #clock: Clock;
  readonly #listeners = new Set<(state: BusState) => void>();
  readonly #kept = new Map<Subscription, (deleteQueue: boolean) => void>();
  #state: BusState;

  constructor(exchanges: MemoryExchanges, clock: Clock, isUp: boolean) {
    this.#exchanges = exchanges;
    this.#clock = clock;
    this.#state = { status: 'connecting', sinceMs: clock(), attempt: 1 };
    if (isUp) queueMicrotask(() => this.comeUp());
  }

  get state(): BusState {
    return this.#state;
  }

  onState(listener: (state: BusState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  comeUp(): void {
    if (this.#state.status === 'closed' || this.#state.status === 'up') return;
    for (const subscription of this.#kept.keys()) this.#open(subscription);
    this.#setState({ status: 'up', sinceMs: this.#clock(), url: 'memory:' });
  }

  goDown(): void {
    if (this.#state.status === 'closed') return;
    for (const stop of this.#kept.values()) stop(false);
    const nowMs = this.#clock();
    this.#setState({
      status: 'down',
      sinceMs: nowMs,
      reason: { code: 'broker.closed', message: 'The connection was lost' },
      retryAtMs: nowMs,
    });
  }

  async publish(publication: Publication): Promise<Result<void>> {
    await Promise.resolve();
    if (this.#state.status !== 'up') return fail('broker.closed', 'There is no connection to the broker');
    return this.#exchanges.publish(publication);
  }

  async subscribe(given: Subscription): Promise<Result<Subscribed>> {
    await Promise.resolve();
    if (this.#state.status !== 'up') return fail('broker.closed', 'There is no connection to the broker');
    let subscription = given;
    const opened = this.#open(subscription);
    if (!opened.ok) return opened;
    return ok({
      rebind: (bindings) => {
        const stop = this.#kept.get(subscription);
        if (stop === undefined) return Promise.resolve();
        this.#exchanges.rebind(subscription.queue.name, subscription.bindings, bindings);
        this.#kept.delete(subscription);
        subscription = { ...subscription, bindings };
        this.#kept.set(subscription, stop);
        return Promise.resolve();
      },
      cancel: (options = {}) => {
        this.#kept.get(subscription)?.(options.deleteQueue === true);
        this.#kept.delete(subscription);
        return Promise.resolve();
      },
    });
  }

  close(): Promise<void> {
    for (const stop of this.#kept.values()) stop(false);
    this.#kept.clear();
    this.#setState({ status: 'closed', sinceMs: this.#clock() });
    this.#listeners.clear();
    return Promise.resolve();
  }

  #open(subscription: Subscription): Result<void> {
    const opened = this.#exchanges.consume(subscription);
    if (!opened.ok) {
      subscription.onFault?.(opened.error);
      return opened;
    }
    this.#kept.set(subscription, opened.value.stop);
    return ok(undefined);
  }

  #setState(state: BusState): void {
    this.#state = state;
    for (const listener of [...this.#listeners]) listener(state);
  }
}

export function createMemoryBroker(options: { collectives: readonly string[]; clock: Clock }): MemoryBroker {
  const exchanges = new MemoryExchanges(options.collectives);
  const buses = new Set<MemoryBus>();
  let isUp = true;
  return {
    connect() {
      const bus = new MemoryBus(exchanges, options.clock, isUp);
      buses.add(bus);
      return bus;
    },
    stop() {
      isUp = false;
      for (const bus of buses) bus.goDown();
    },
    start() {
      isUp = true;
      for (const bus of buses) bus.comeUp();
    },
  };
}
