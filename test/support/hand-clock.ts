import type { StartTimer } from '@muster/protocol/bridge';

/** Timers that run when a test says so. */
export interface HandClock {
  readonly startTimer: StartTimer;
  /** Lets that many milliseconds pass and runs what is due, in order. */
  advance(ms: number): void;
  /** Milliseconds that have passed. */
  readonly clock: () => number;
  /** How many timers wait. */
  readonly waiting: () => number;
}

export function createHandClock(): HandClock {
  let nowMs = 0;
  const timers = new Set<{ dueMs: number; run: () => void }>();
  return {
    startTimer(afterMs, run) {
      const timer = { dueMs: nowMs + afterMs, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance(ms) {
      nowMs += ms;
      const due = [...timers].filter((timer) => timer.dueMs <= nowMs).sort((a, b) => a.dueMs - b.dueMs);
      for (const timer of due) {
        if (timers.delete(timer)) timer.run();
      }
    },
    clock: () => nowMs,
    waiting: () => timers.size,
  };
}
