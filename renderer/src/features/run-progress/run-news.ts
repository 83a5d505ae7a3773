import type { RunSummary } from '@muster/protocol/bridge';
import { untrack } from 'svelte';
import type { Clock } from '../../ui/clock.ts';
import { coalesce } from '../../ui/coalesce.ts';
import { isFinal } from './run-course.ts';

/** Looks at a run's answers again as they arrive, and at once when it ends. */
export interface RunNews {
  /** Whether the run had ended when it was last told of. */
  readonly isEnded: boolean;
  /** There is another summary of the run. */
  note(run: Pick<RunSummary, 'state'>): void;
  stop(): void;
}

/** `withinMs`: how soon `look` follows news of a run that goes on, in milliseconds. */
export function runNews(clock: Clock, withinMs: number, look: () => void): RunNews {
  const news = coalesce(clock, withinMs, look);
  let isEnded = false;
  return {
    get isEnded() {
      return isEnded;
    },
    note(run) {
      const endsNow = isFinal(run) && !isEnded;
      isEnded = isFinal(run);
      // What is asked with is no reason to be told again.
      if (endsNow) untrack(() => news.noteNow());
      else news.note();
    },
    stop: () => news.stop(),
  };
}
