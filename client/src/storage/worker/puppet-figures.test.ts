import { describe, expect, it } from 'vitest';
import { figuresOf } from './puppet-figures.ts';

const minuteMs = 60_000;
const nowMs = 1_700_000_000_000;
const row = (minutesAgo: number | null, totalTime: number | null) => ({
  toldAtMs: nowMs,
  lastRunAtMs: minutesAgo === null ? null : nowMs - minutesAgo * minuteMs,
  totalTime,
});

const untold = { toldAtMs: null, lastRunAtMs: null, totalTime: null };

describe('figures of last runs', () => {
  it('count each node that has told once, by age', () => {
    const { ages, never } = figuresOf(
      [row(30, 1), row(31, 1), row(60, 1), row(5000, 1), row(-3, 1), row(null, null), untold],
      nowMs,
    );
    expect(ages.map(({ nodes }) => nodes)).toEqual([2, 2, 0, 0, 1]);
    expect(never).toBe(1);
  });

  it('count each duration once, the longest too', () => {
    const { durations, averageDuration } = figuresOf([row(1, 10), row(1, 22), row(1, 10.5), row(1, null)], nowMs);
    expect(durations).toHaveLength(12);
    expect(durations[0]).toEqual({ from: 10, to: 11, nodes: 2 });
    expect(durations.at(-1)).toEqual({ from: 21, to: 22, nodes: 1 });
    expect(averageDuration).toBeCloseTo(14.17, 2);
  });

  it('are few when all runs took as long, and none without runs', () => {
    expect(figuresOf([row(1, 7), row(1, 7)], nowMs).durations).toEqual([{ from: 7, to: 7, nodes: 2 }]);
    expect(figuresOf([], nowMs)).toMatchObject({ durations: [], averageDuration: null, never: 0 });
  });
});
