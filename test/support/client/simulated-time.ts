import type { StartTimer } from '@muster/protocol/bridge';

/** Time that passes only when everything that could happen now has happened. */
export class SimulatedTime {
  nowMs = 1_700_000_000_000;
  readonly #timers = new Set<{ readonly dueMs: number; readonly run: () => void }>();

  readonly startTimer: StartTimer = (afterMs, run) => {
    const timer = { dueMs: this.nowMs + Math.max(0, afterMs), run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  readonly clock = (): number => this.nowMs;

  pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.startTimer(ms, resolve));
  }

  /** Lets time pass until `isOver`. Throws when nothing is going to happen any more, and after `limitMs`. */
  async passUntil(isOver: () => boolean, limitMs = 48 * 3_600_000): Promise<void> {
    const endMs = this.nowMs + limitMs;
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (isOver()) return;
      let next: { readonly dueMs: number; readonly run: () => void } | undefined;
      for (const timer of this.#timers) if (next === undefined || timer.dueMs < next.dueMs) next = timer;
      if (next === undefined) throw new Error('Nothing is going to happen any more');
      if (next.dueMs > endMs) throw new Error(`It is not over after ${limitMs / 3_600_000} hours`);
      this.nowMs = next.dueMs;
      this.#timers.delete(next);
      next.run();
    }
  }
}
