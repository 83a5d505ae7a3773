import { fail, ok, type Fault, type Result } from '@muster/protocol/errors';
import type { QueueType } from '@muster/protocol/topology';
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

interface Kept {
  subscription: Subscription;
  /** Ends the consumer; null while there is none. */
  stop: ((deleteQueue: boolean) => void) | null;
}

/** Pause before a subscription that was lost or refused is set up again, in milliseconds. */
const retryMs = 20;

class MemoryBus implements Bus {
  readonly queueType: QueueType = 'classic';
  readonly #exchanges: MemoryExchanges;
  readonly #clock: Clock;
  readonly #listeners = new Set<(state: BusState) => void>();
  readonly #kept = new Set<Kept>();
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
    this.#setState({ status: 'up', sinceMs: this.#clock(), url: 'memory:' }, () => {
      for (const kept of this.#kept) this.#resume(kept);
    });
  }

  goDown(): void {
    if (this.#state.status === 'closed') return;
    for (const kept of this.#kept) this.#stop(kept);
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

  async subscribe(subscription: Subscription): Promise<Result<Subscribed>> {
    await Promise.resolve();
    if (this.#state.status !== 'up') return fail('broker.closed', 'There is no connection to the broker');
    const kept: Kept = { subscription, stop: null };
    const opened = this.#open(kept);
    if (!opened.ok) return opened;
    this.#kept.add(kept);
    return ok({
      rebind: (bindings) => {
        const before = kept.subscription;
        kept.subscription = { ...before, bindings };
        if (kept.stop !== null) this.#exchanges.rebind(before.queue.name, before.bindings, bindings);
        return Promise.resolve();
      },
      cancel: (options = {}) => {
        this.#kept.delete(kept);
        this.#stop(kept, options.deleteQueue === true);
        return Promise.resolve();
      },
    });
  }

  useCertificate(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    for (const kept of this.#kept) this.#stop(kept);
    this.#kept.clear();
    this.#setState({ status: 'closed', sinceMs: this.#clock() });
    this.#listeners.clear();
    return Promise.resolve();
  }

  #open(kept: Kept): Result<void> {
    const opened = this.#exchanges.consume(kept.subscription, this, (fault) => {
      kept.stop = null;
      this.#tryLater(kept, fault);
    });
    if (!opened.ok) return opened;
    kept.stop = opened.value.stop;
    return ok(undefined);
  }

  #resume(kept: Kept): void {
    if (this.#state.status !== 'up' || !this.#kept.has(kept) || kept.stop !== null) return;
    const opened = this.#open(kept);
    if (!opened.ok) this.#tryLater(kept, opened.error);
  }

  #tryLater(kept: Kept, fault: Fault): void {
    kept.subscription.onFault?.(fault);
    setTimeout(() => this.#resume(kept), retryMs);
  }

  #stop(kept: Kept, deleteQueue = false): void {
    const { stop } = kept;
    kept.stop = null;
    stop?.(deleteQueue);
  }

  /** `first` is done when the state has changed and nobody knows of it yet. */
  #setState(state: BusState, first?: () => void): void {
    this.#state = state;
    first?.();
    for (const listener of [...this.#listeners]) listener(state);
  }
}

export function createMemoryBroker(options: { collectives: readonly string[]; clock: Clock }): MemoryBroker {
  const exchanges = new MemoryExchanges(options.collectives, options.clock);
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
