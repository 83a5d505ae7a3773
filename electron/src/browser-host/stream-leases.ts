import type { StartTimer } from '@muster/protocol/bridge';

/** How long a stream may go without being pulled, in milliseconds. */
export const leaseMs = 60_000;

/**
 * Which streams nobody pulls any more: a tab goes away without saying so. `onExpired` is called once for each stream that
 * was not pulled for {@link leaseMs}.
 */
export class StreamLeases {
  readonly #startTimer: StartTimer;
  readonly #onExpired: (peer: string, streamId: string) => void;
  readonly #stops = new Map<string, () => void>();

  constructor(startTimer: StartTimer, onExpired: (peer: string, streamId: string) => void) {
    this.#startTimer = startTimer;
    this.#onExpired = onExpired;
  }

  /** Starts the lease of a stream anew: it was opened, or a pull has ended. */
  grant(peer: string, streamId: string): void {
    this.hold(peer, streamId);
    const expire = () => {
      this.#stops.delete(keyOf(peer, streamId));
      this.#onExpired(peer, streamId);
    };
    this.#stops.set(keyOf(peer, streamId), this.#startTimer(leaseMs, expire));
  }

  /** Stops the lease: the stream is being pulled, or was closed. */
  hold(peer: string, streamId: string): void {
    this.#stops.get(keyOf(peer, streamId))?.();
    this.#stops.delete(keyOf(peer, streamId));
  }

  clear(): void {
    for (const stop of this.#stops.values()) stop();
    this.#stops.clear();
  }
}

const keyOf = (peer: string, streamId: string): string => `${peer} ${streamId}`;
