import { errorCatalogue } from '@muster/protocol/errors';
import { waitUntilUp } from '../connection/index.ts';
import type { Effects } from '../effects.ts';
import { pause } from './pause.ts';

/** How long a broker is waited for at a time, in milliseconds. */
const brokerMs = 60_000;

/** How one run waits for the broker, until it is let go. */
export class BrokerWait {
  readonly #effects: Pick<Effects, 'bus' | 'startTimer'>;
  readonly #signal: AbortSignal;
  readonly #onStillAway: () => void;

  /** `onStillAway` is called now and then while the broker is waited for: nodes that wait for it run out of time meanwhile. */
  constructor(effects: Pick<Effects, 'bus' | 'startTimer'>, signal: AbortSignal, onStillAway: () => void) {
    this.#effects = effects;
    this.#signal = signal;
    this.#onStillAway = onStillAway;
  }

  get isUp(): boolean {
    return this.#effects.bus.state.status === 'up';
  }

  /** Whether the broker can be reached again; false when it never can, or nobody waits any more. */
  async whenUp(): Promise<boolean> {
    const { bus, startTimer } = this.#effects;
    for (;;) {
      if (this.#signal.aborted) return false;
      const up = await waitUntilUp(bus, startTimer, brokerMs, this.#signal);
      if (up.ok) return true;
      if (bus.state.status === 'closed' || errorCatalogue[up.error.code].retry === 'never') return false;
      this.#onStillAway();
    }
  }

  /** False when the run was let go meanwhile. */
  pause(ms: number): Promise<boolean> {
    return pause(this.#effects.startTimer, ms, this.#signal);
  }
}
