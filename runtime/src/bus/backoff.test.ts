import { expect, it } from 'vitest';
import { backoffMs } from './backoff.ts';

const lowest = (count: number) => new Uint8Array(count);
const highest = (count: number) => new Uint8Array(count).fill(255);
const bounds = { minMs: 500, maxMs: 10_000 };

it('doubles with each attempt up to its bound, and keeps to the upper half', () => {
  expect([1, 2, 3, 4, 5, 50].map((attempt) => backoffMs(attempt, bounds, lowest))).toEqual([
    500, 1000, 2000, 4000, 5000, 5000,
  ]);
  expect(backoffMs(50, bounds, highest)).toBeCloseTo(10_000, 0);
});
