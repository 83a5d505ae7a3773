import type { Clock } from './clock.ts';

/** Many pieces of news, one reaction. */
export interface Coalesced {
  /** There is news: the reaction follows within the time given, once for all news until then. */
  note(): void;
  stop(): void;
}

export function coalesce(clock: Clock, withinMs: number, react: () => void): Coalesced {
  let stopWaiting: (() => void) | null = null;
  return {
    note() {
      stopWaiting ??= clock.after(withinMs, () => {
        stopWaiting = null;
        react();
      });
    },
    stop() {
      stopWaiting?.();
      stopWaiting = null;
    },
  };
}
