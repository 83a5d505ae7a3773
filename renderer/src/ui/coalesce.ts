import type { Clock } from './clock.ts';

/** Many pieces of news, one reaction. */
export interface Coalesced {
  /** There is news: the reaction follows within the time given, once for all news until then. */
  note(): void;
  /** There is news that cannot wait: the reaction is to it and to all news until now. */
  noteNow(): void;
  stop(): void;
}

export function coalesce(clock: Clock, withinMs: number, react: () => void): Coalesced {
  let stopWaiting: (() => void) | null = null;
  function stop(): void {
    stopWaiting?.();
    stopWaiting = null;
  }
  return {
    note() {
      stopWaiting ??= clock.after(withinMs, () => {
        stopWaiting = null;
        react();
      });
    },
    noteNow() {
      stop();
      react();
    },
    stop,
  };
}
