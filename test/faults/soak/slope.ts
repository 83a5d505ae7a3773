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
  /** What a straight line through the samples gains from the first to the last. */
  readonly growth: number;
  readonly allowed: number;
  readonly isFlat: boolean;
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Fits a straight line through samples, by least squares. Shrinking is no fault. */
export function trendOf(samples: readonly Sample[], { units, share }: Tolerance): Trend {
  const first = samples.at(0);
  const last = samples.at(-1);
  if (first === undefined || last === undefined || samples.length < 3) throw new Error('Too few samples for a line');
  const meanAtMs = meanOf(samples.map(({ atMs }) => atMs));
  const mean = meanOf(samples.map(({ value }) => value));
  let covariance = 0;
  let variance = 0;
  for (const { atMs, value } of samples) {
    covariance += (atMs - meanAtMs) * (value - mean);
    variance += (atMs - meanAtMs) ** 2;
  }
  const growth = (covariance / variance) * (last.atMs - first.atMs);
  const allowed = Math.max(units, share * mean);
  return { first: first.value, last: last.value, mean, growth, allowed, isFlat: growth <= allowed };
}
