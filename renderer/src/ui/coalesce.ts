import type { Clock } from './clock.ts';

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

/** `withinMs`: how soon the reaction follows the first news, in milliseconds; a function is asked at that news. */
export function coalesce(clock: Clock, withinMs: number | (() => number), react: () => void): Coalesced {
  let stopWaiting: (() => void) | null = null;
  function stop(): void {
    stopWaiting?.();
    stopWaiting = null;
  }
  return {
    note() {
      stopWaiting ??= clock.after(typeof withinMs === 'number' ? withinMs : withinMs(), () => {
        stopWaiting = null;
        react();
      });
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
