import type { Effects } from '../effects.ts';
import { pause } from './pause.ts';

/** How soon a clock that was stepped is noticed, in milliseconds. */
const longestSleepMs = 5000;

/** Sleeps until a time unless it is woken. Who wakes it while it does not sleep keeps it awake the next time. */
export class Sleeper {
  readonly #effects: Pick<Effects, 'clock' | 'startTimer'>;
  #isAwake = false;
  #waking = new AbortController();

  constructor(effects: Pick<Effects, 'clock' | 'startTimer'>) {
    this.#effects = effects;
  }

  /** Until `untilMs` at the latest; long sleeps end early. */
  async sleep(untilMs: number): Promise<void> {
    const { clock, startTimer } = this.#effects;
    const ms = Math.min(untilMs - clock(), longestSleepMs);
    if (!this.#isAwake && ms > 0) {
      this.#waking = new AbortController();
      await pause(startTimer, ms, this.#waking.signal);
    }
    this.#isAwake = false;
  }

  wake(): void {
    this.#isAwake = true;
    this.#waking.abort();
  }
}
