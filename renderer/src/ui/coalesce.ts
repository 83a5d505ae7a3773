import type { Clock } from './clock.ts';
import type { UserActivity } from './user-activity.ts';

/** Many pieces of news, one reaction. */
export interface Coalesced {
  /** There is news: the reaction follows within the time given, once for all news until then. */
  note(): void;
  /** There is news that cannot wait: the reaction is to it and to all news until now. */
  noteNow(): void;
  /** Reacts now to news that waits; does nothing when there is none. */
  flush(): void;
  stop(): void;
}

/** Has a reaction wait for as long as somebody scrolls or types, but no longer than this, in milliseconds. */
export interface Deference {
  readonly to: UserActivity;
  readonly atMostMs: number;
}

/** `withinMs`: how soon the reaction follows the first news, in milliseconds, unless it defers to what somebody does. */
export function coalesce(clock: Clock, withinMs: number, react: () => void, defers?: Deference): Coalesced {
  let stopWaiting: (() => void) | null = null;
  function stop(): void {
    stopWaiting?.();
    stopWaiting = null;
  }
  function ripen(waitedMs: number): void {
    if (defers?.to.isOngoing === true && waitedMs < defers.atMostMs) {
      stopWaiting = clock.after(withinMs, () => ripen(waitedMs + withinMs));
      return;
    }
    stopWaiting = null;
    react();
  }
  return {
    note() {
      stopWaiting ??= clock.after(withinMs, () => ripen(withinMs));
    },
    noteNow() {
      stop();
      react();
    },
    flush() {
      if (stopWaiting === null) return;
      stop();
      react();
    },
    stop,
  };
}
