import type { ResultDetail } from '@muster/protocol/bridge';

/** Where the time of an answer went, in milliseconds each; null where that cannot be told. */
export interface AnswerSpans {
  /** The ways of the request and of the answer together. */
  readonly deliveryMs: number | null;
  /** From the node having the request until the action began. */
  readonly queuedMs: number | null;
  readonly executionMs: number | null;
}

/** Each clock is compared with itself alone, so it does not matter how far they are apart. Null without a word of the node's own. */
export function spansOf({ timings, elapsedMs }: Pick<ResultDetail, 'timings' | 'elapsedMs'>): AnswerSpans | null {
  if (timings === null) return null;
  const { receivedAtMs, startedAtMs, finishedAtMs } = timings;
  return {
    deliveryMs:
      elapsedMs === null || finishedAtMs === null ? null : Math.max(0, elapsedMs - (finishedAtMs - receivedAtMs)),
    queuedMs: startedAtMs === null ? null : Math.max(0, startedAtMs - receivedAtMs),
    executionMs: startedAtMs === null || finishedAtMs === null ? null : Math.max(0, finishedAtMs - startedAtMs),
  };
}
