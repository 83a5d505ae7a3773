import type { BridgeClient, GuardStatus } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';
import { createContext } from 'svelte';
import type { Clock } from '../../ui/clock.ts';

/** The console hears of a hand on the window no more often than this, in milliseconds. */
const touchEveryMs = 20_000;

/** How the console stands: open or locked, and what it lets be done. */
export class GuardWatch {
  #status = $state.raw<GuardStatus | null>(null);
  #fault = $state.raw<Fault | null>(null);
  /** Why the last attempt to unlock it failed. */
  #refusal = $state.raw<Fault | null>(null);
  #isUnlocking = $state.raw(false);
  #touchedMs = Number.NEGATIVE_INFINITY;
  readonly #bridge: BridgeClient;
  readonly #clock: Clock;
  readonly #stopFollowing: () => void;

  constructor(bridge: BridgeClient, clock: Clock) {
    this.#bridge = bridge;
    this.#clock = clock;
    this.#stopFollowing = bridge.follow(
      'guard.changes',
      {},
      (status) => {
        if (status.lock === null) this.#refusal = null;
        this.#status = status;
        this.#fault = null;
      },
      (fault) => (this.#fault = fault),
    );
  }

  /** Null until it was told. */
  get status(): GuardStatus | null {
    return this.#status;
  }
  get isLocked(): boolean {
    return this.#status !== null && this.#status.lock !== null;
  }
  get isOpen(): boolean {
    return this.#status !== null && this.#status.lock === null;
  }
  get isReadOnly(): boolean {
    return this.#status?.isReadOnly === true;
  }
  /** Why the console cannot be reached; null while it can. */
  get fault(): Fault | null {
    return this.#fault;
  }
  get refusal(): Fault | null {
    return this.#refusal;
  }
  get isUnlocking(): boolean {
    return this.#isUnlocking;
  }

  async unlock(passphrase: string | undefined, remember: boolean): Promise<void> {
    this.#isUnlocking = true;
    const answer = await this.#bridge.call('guard.unlock', {
      remember,
      ...(passphrase === undefined ? {} : { passphrase }),
    });
    this.#refusal = answer.ok ? null : answer.error;
    this.#isUnlocking = false;
  }

  async lock(): Promise<void> {
    const answer = await this.#bridge.call('guard.lock', {});
    this.#fault = answer.ok ? null : answer.error;
  }

  forget(): void {
    void this.#bridge.call('guard.forget', {});
  }

  turnReadOnly(): void {
    void this.#bridge.call('guard.readOnly', {});
  }

  /** Somebody uses the window. */
  touch(): void {
    const nowMs = this.#clock.now();
    if (!this.isOpen || nowMs - this.#touchedMs < touchEveryMs) return;
    this.#touchedMs = nowMs;
    void this.#bridge.call('guard.touch', {});
  }

  dispose(): void {
    this.#stopFollowing();
  }
}

export const [useGuard, provideGuard] = createContext<GuardWatch>();
