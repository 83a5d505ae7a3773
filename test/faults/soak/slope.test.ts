import { describe, expect, it } from 'vitest';
import { trendOf } from './slope.ts';

const line = (count: number, value: (index: number) => number) =>
  Array.from({ length: count }, (_unused, index) => ({ atMs: index * 1000, value: value(index) }));

describe('the trend of samples', () => {
  it('is flat where values only swing', () => {
    const trend = trendOf(
      line(100, (index) => 500 + (index % 2 === 0 ? 40 : -40)),
      { units: 5, share: 0.01 },
    );
    expect(trend.isFlat).toBe(true);
    expect(Math.abs(trend.growth)).toBeLessThan(5);
  });

  it('shows a leak under the swinging', () => {
    const leaking = line(100, (index) => 500 + index + (index % 2 === 0 ? 40 : -40));
    expect(trendOf(leaking, { units: 50, share: 0.05 })).toMatchObject({ isFlat: false });
    expect(trendOf(leaking, { units: 50, share: 0.05 }).growth).toBeCloseTo(99, -1);
  });

  it('is flat where there are peaks, more of them towards the end', () => {
    const peaks = new Set([30, 60, 70, 80, 85, 90, 95]);
    const trend = trendOf(
      line(100, (index) => (peaks.has(index) ? 150 : 50)),
      { units: 4, share: 0 },
    );
    expect(trend).toMatchObject({ growth: 0, isFlat: true });
  });

  it('lets grow what is allowed, by units or by share', () => {
    const growing = line(10, (index) => 100 + index);
    expect(trendOf(growing, { units: 10, share: 0 }).isFlat).toBe(true);
    expect(trendOf(growing, { units: 0, share: 0.1 }).isFlat).toBe(true);
    expect(trendOf(growing, { units: 8, share: 0.01 }).isFlat).toBe(false);
  });

  it('takes shrinking for no fault', () => {
    expect(
      trendOf(
        line(10, (index) => 100 - index),
        { units: 0, share: 0 },
      ).isFlat,
    ).toBe(true);
  });
});
