/** One measurement: when, in milliseconds after the start, and how much. */
export interface Sample {
  readonly atMs: number;
  readonly value: number;
}

/** How much more may be there at the end than at the beginning: the larger of the two is allowed. */
export interface Tolerance {
  readonly units: number;
  /** Share of the mean, from 0 to 1. */
  readonly share: number;
}

export interface Trend {
  readonly first: number;
  readonly last: number;
  readonly mean: number;
  /** What a straight line along the samples gains from the first to the last. */
  readonly growth: number;
  readonly allowed: number;
  readonly isFlat: boolean;
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = 0, high = 0] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}

/**
 * Lays a straight line along samples; its slope is the median of those between any two of them (Theil and Sen), so that single peaks
 * do not count. Shrinking is no fault.
 */
export function trendOf(samples: readonly Sample[], { units, share }: Tolerance): Trend {
  const first = samples.at(0);
  const last = samples.at(-1);
  if (first === undefined || last === undefined || samples.length < 3) throw new Error('Too few samples for a line');
  const mean = meanOf(samples.map(({ value }) => value));
  const slopes = samples.flatMap((earlier, index) =>
    samples.slice(index + 1).map((later) => (later.value - earlier.value) / (later.atMs - earlier.atMs)),
  );
  const growth = medianOf(slopes) * (last.atMs - first.atMs);
  const allowed = Math.max(units, share * mean);
  return { first: first.value, last: last.value, mean, growth, allowed, isFlat: growth <= allowed };
}
