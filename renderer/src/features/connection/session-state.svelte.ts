import type { BridgeClient, ConnectionShape, SessionShape } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';
import { createContext } from 'svelte';
import type { Clock } from '../../ui/clock.ts';

/** Whose window this is, and how the connection stands: of the window to the engine, and of the engine to the broker. */
export class SessionState {
  #session = $state.raw<SessionShape | null>(null);
  #connection = $state.raw<ConnectionShape | null>(null);
  #fault = $state.raw<Fault | null>(null);
  #nowMs = $state.raw(0);
  readonly #bridge: BridgeClient;
  readonly #stops: (() => void)[];

  constructor(bridge: BridgeClient, clock: Clock) {
    this.#bridge = bridge;
    this.#nowMs = clock.now();
    const stopFollowing = bridge.follow(
      'session.changes',
      {},
      (connection) => {
        this.#connection = connection;
        this.#fault = null;
        if (this.#session === null) void this.#load();
      },
      (fault) => (this.#fault = fault),
    );
    this.#stops = [stopFollowing, clock.every(500, () => (this.#nowMs = clock.now()))];
    void this.#load();
  }

  get session(): SessionShape | null {
    return this.#session;
  }
  /** Of the engine to the broker; null until it was told. */
  get connection(): ConnectionShape | null {
    return this.#connection;
  }
  /** Why the engine cannot be reached; null while it can. */
  get fault(): Fault | null {
    return this.#fault;
  }
  get isUp(): boolean {
    return this.#fault === null && this.#connection?.status === 'up';
  }
  /** Seconds until the engine tries the broker again; null when it is not waiting. */
  get retrySeconds(): number | null {
    if (this.#connection?.status !== 'down') return null;
    return Math.max(0, Math.ceil((this.#connection.retryAtMs - this.#nowMs) / 1000));
  }
  /** The time, renewed twice a second, for ages and countdowns. */
  get nowMs(): number {
    return this.#nowMs;
  }

  dispose(): void {
    for (const stop of this.#stops) stop();
  }

  async #load(): Promise<void> {
    const answer = await this.#bridge.call('session.get', {});
    if (answer.ok) {
      this.#session = answer.value;
      this.#connection ??= answer.value.connection;
    } else this.#fault = answer.error;
  }
}

export const [useSession, provideSession] = createContext<SessionState>();
