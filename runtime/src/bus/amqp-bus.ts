import { setTimeout as pause } from 'node:timers/promises';
import type { ChannelModel } from 'amqplib';
import { fail, ok, type Fault, type Result } from '@muster/protocol/errors';
import type { QueueType } from '@muster/protocol/topology';
import type { Clock, RandomBytes } from '../effects/index.ts';
import { usualAnswerMs } from './amqp-answer.ts';
import { closeConnection, dropSocket, openConnection } from './amqp-connection.ts';
import { channelFault } from './amqp-fault.ts';
import { BrokerHosts } from './amqp-hosts.ts';
import { KeptSubscription } from './amqp-kept-subscription.ts';
import { AmqpPublisher } from './amqp-publisher.ts';
import { backoffMs, type BackoffBounds } from './backoff.ts';
import type { Bus, BusState, Publication, Subscribed, Subscription } from './bus.ts';
import type { BrokerSettings } from './settings.ts';

export interface BusOptions {
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  /** Pauses between attempts to connect or to subscribe again; 500 ms to 10 s when absent, beginning three times longer after a refusal. */
  readonly backoff?: BackoffBounds;
  /** A silent connection is given up after twice this long, in seconds; 10 when absent. */
  readonly heartbeatSeconds?: number;
  /** How long a broker that is connected may take to confirm a message or to set up or end a subscription, in milliseconds; 30 s when absent. */
  readonly answerMs?: number;
}

interface Live {
  readonly connection: ChannelModel;
  readonly publisher: AmqpPublisher;
  readonly url: string;
  blockedBy: string | null;
  /** Whether it has lasted for a while: one that has not is no reason to try the same broker again at once. */
  hasLasted: boolean;
}

const defaultBackoff: BackoffBounds = { minMs: 500, maxMs: 10_000 };

/**
 * How many times longer the first pauses are after a refusal: what was refused is so for a while, until a broker knows a new member or for good, and
 * each attempt costs the broker a handshake.
 */
const refusedPauses = 3;

/** How long a connection must last to count as good, in milliseconds. */
const lastingMs = 10_000;

/** How long connecting, consumers, confirms and the connection may each take to end when the bus is closed, in milliseconds. */
const closeGraceMs = 5_000;

/** Waits for work, at most `closeGraceMs`: a broker that no longer answers must not hold up the end of a process. */
async function withinGrace(work: Promise<unknown>): Promise<void> {
  const done = new AbortController();
  await Promise.race([work, pause(closeGraceMs, undefined, { signal: done.signal }).catch(() => undefined)]);
  done.abort();
}

class AmqpBus implements Bus {
  readonly queueType: QueueType;
  #settings: BrokerSettings;
  readonly #options: BusOptions;
  readonly #backoff: BackoffBounds;
  readonly #answerMs: number;
  readonly #hosts: BrokerHosts;
  readonly #listeners = new Set<(state: BusState) => void>();
  readonly #kept = new Set<KeptSubscription>();
  #state: BusState;
  #live: Live | null = null;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #connecting: Promise<void> | null = null;

  constructor(settings: BrokerSettings, options: BusOptions) {
    this.queueType = settings.queueType ?? 'classic';
    this.#settings = settings;
    this.#options = options;
    this.#backoff = options.backoff ?? defaultBackoff;
    this.#answerMs = options.answerMs ?? usualAnswerMs;
    const [random = 0] = settings.startAnywhere === true ? options.randomBytes(1) : [];
    this.#hosts = new BrokerHosts(settings.urls, random % Math.max(1, settings.urls.length));
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
    const { connection } = this.#live;
    const kept = new KeptSubscription(subscription, {
      answerMs: this.#answerMs,
      backoff: this.#backoff,
      randomBytes: this.#options.randomBytes,
    });
    const started = await kept.start(connection);
    if (!started.ok) return started;
    if (this.#isClosed()) {
      await kept.cancel();
      return fail('broker.closed', 'The connection to the broker was closed');
    }
    this.#kept.add(kept);
    // The connection may have been lost, and another one made, while this was set up.
    this.#moveFrom(connection, kept);
    return ok({
      cancel: (options) => {
        this.#kept.delete(kept);
        return kept.cancel(options);
      },
      rebind: (bindings) => kept.rebind(bindings),
    });
  }

  async useCertificate(own: { readonly certificate: string; readonly key: string }): Promise<void> {
    this.#settings = { ...this.#settings, ...own };
    const live = this.#live;
    if (live === null) return;
    // It is no fault of this broker's.
    live.hasLasted = true;
    await closeConnection(live.connection, closeGraceMs);
  }

  async close(): Promise<void> {
    if (this.#isClosed()) return;
    const live = this.#live;
    this.#live = null;
    this.#setState({ status: 'closed', sinceMs: this.#options.clock() });
    clearTimeout(this.#timer);
    this.#listeners.clear();
    if (this.#connecting !== null) await withinGrace(this.#connecting);
    await withinGrace(Promise.all([...this.#kept].map((kept) => kept.cancel())));
    this.#kept.clear();
    if (live === null) return;
    await withinGrace(live.publisher.close());
    await closeConnection(live.connection, closeGraceMs);
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
    const opened = await openConnection(this.#settings, this.#hosts.order(), this.#options.heartbeatSeconds ?? 10);
    if (this.#isClosed()) {
      if (opened.ok) await closeConnection(opened.value.connection, closeGraceMs);
      return;
    }
    if (!opened.ok) {
      this.#goDown(opened.error);
      return;
    }
    const live = this.#take(opened.value);
    await Promise.all([...this.#kept].map((kept) => kept.resume(live.connection)));
    // The connection may have been lost while the subscriptions were set up again.
    if (this.#live !== live) return;
    this.#sayUp(live);
    this.#timer = setTimeout(() => {
      live.hasLasted = true;
      this.#attempt = 0;
    }, lastingMs).unref();
  }

  /** Works with a connection from now on. */
  #take({ connection, url }: { connection: ChannelModel; url: string }): Live {
    const live: Live = {
      connection,
      publisher: new AmqpPublisher(connection, this.#answerMs),
      url,
      blockedBy: null,
      hasLasted: false,
    };
    this.#hosts.prefer(url);
    let reason: Fault = { code: 'broker.closed', message: `The connection to ${url} was lost` };
    connection.on('error', (thrown: unknown) => {
      reason = channelFault(thrown);
    });
    connection.on('close', () => {
      setTimeout(() => dropSocket(connection), closeGraceMs).unref();
      if (this.#live !== live) return;
      if (!live.hasLasted) this.#hosts.avoid(url);
      this.#goDown(reason);
    });
    const setBlocked = (by: string | null) => {
      live.blockedBy = by;
      if (this.#live === live && this.#state.status === 'up') this.#sayUp(live);
    };
    connection.on('blocked', setBlocked);
    connection.on('unblocked', () => setBlocked(null));
    this.#live = live;
    return live;
  }

  #sayUp({ url, blockedBy }: Live): void {
    const sinceMs = this.#state.status === 'up' ? this.#state.sinceMs : this.#options.clock();
    this.#setState({ status: 'up', sinceMs, url, ...(blockedBy === null ? {} : { blockedBy }) });
  }

  #goDown(reason: Fault): void {
    this.#live = null;
    for (const kept of this.#kept) kept.detach();
    if (this.#isClosed()) return;
    const { minMs, maxMs } = this.#backoff;
    const bounds = { minMs: reason.code === 'broker.refused' ? refusedPauses * minMs : minMs, maxMs };
    const pauseMs = backoffMs(Math.max(this.#attempt, 1), bounds, this.#options.randomBytes);
    const nowMs = this.#options.clock();
    const sinceMs = this.#state.status === 'down' ? this.#state.sinceMs : nowMs;
    this.#setState({ status: 'down', sinceMs, reason, retryAtMs: nowMs + pauseMs });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#startConnecting(), pauseMs);
  }

  #moveFrom(connection: ChannelModel, kept: KeptSubscription): void {
    if (this.#live?.connection === connection) return;
    kept.detach();
    if (this.#live !== null) void kept.resume(this.#live.connection);
  }
}

/** Begins to connect and goes on trying until closed; the state tells how it fares. */
export const connectBus = (settings: BrokerSettings, options: BusOptions): Bus => new AmqpBus(settings, options);
