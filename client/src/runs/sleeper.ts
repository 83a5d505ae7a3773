import type { Effects } from '../effects.ts';

/** How soon a clock that was stepped is noticed, in milliseconds. */
const longestSleepMs = 5000;

/** Sleeps until a time unless it is woken. Who wakes it while it does not sleep keeps it awake the next time. */
export class Sleeper {
  readonly #effects: Pick<Effects, 'clock' | 'startTimer'>;
  #isAwake = false;
  #rouse: () => void = () => undefined;

  constructor(effects: Pick<Effects, 'clock' | 'startTimer'>) {
    this.#effects = effects;
  }

  /** Until `untilMs` at the latest; long sleeps end early. */
  async sleep(untilMs: number): Promise<void> {
    const ms = Math.min(untilMs - this.#effects.clock(), longestSleepMs);
    if (!this.#isAwake && ms > 0) await this.#doze(ms);
    this.#isAwake = false;
  }

  wake(): void {
    this.#isAwake = true;
    this.#rouse();
  }

  /** It is woken by each answer: a signal of its own for each sleep would cost several times as much. */
  #doze(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const stopTimer = this.#effects.startTimer(ms, resolve);
      this.#rouse = () => {
        stopTimer();
        resolve();
      };
    });
  }
}
