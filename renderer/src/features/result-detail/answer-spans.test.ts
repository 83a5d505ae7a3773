import { expect, it } from 'vitest';
import { spansOf } from './answer-spans.ts';

it('spansOf tells delivery and execution apart, whatever the clock of the node', () => {
  // The node's clock is an hour ahead.
  const receivedAtMs = 3_600_000;
  const timings = { receivedAtMs, startedAtMs: receivedAtMs + 200, finishedAtMs: receivedAtMs + 1200 };
  expect(spansOf({ timings, elapsedMs: 1240 })).toEqual({ deliveryMs: 40, queuedMs: 200, executionMs: 1000 });
  expect(spansOf({ timings: { ...timings, startedAtMs: null }, elapsedMs: 1240 })).toEqual({
    deliveryMs: 40,
    queuedMs: null,
    executionMs: null,
  });
  expect(spansOf({ timings: null, elapsedMs: null })).toBeNull();
});
