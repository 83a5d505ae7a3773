import type { ActionDefinition } from './schema.ts';

type Aggregate = ActionDefinition['aggregates'][number];

/** How often one value was answered. Arrays count once per element; objects count as their JSON text. */
export interface ValueCount {
  readonly value: string;
  readonly count: number;
}

/** The numbers `from` (inclusive) to `to` (exclusive, but for the last bucket) of a chart. */
export interface ChartBucket {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** What one aggregate found. Numbers are null while no node has answered with one. */
export type AggregateFinding =
  | { readonly kind: 'counts'; readonly counts: readonly ValueCount[] }
  | { readonly kind: 'average' | 'sum'; readonly value: number | null }
  | {
      readonly kind: 'minmax';
      readonly min: number | null;
      readonly max: number | null;
      readonly average: number | null;
    }
  | {
      readonly kind: 'percentiles';
      readonly p50: number | null;
      readonly p90: number | null;
      readonly p95: number | null;
      readonly p99: number | null;
    }
  | { readonly kind: 'chart'; readonly buckets: readonly ChartBucket[] }
  | { readonly kind: 'impossible'; readonly reason: string };

/** One aggregate of an action over the answers so far. */
export interface AggregateSummary {
  readonly function: Aggregate['function'];
  readonly output: string;
  /** How a person calls the output: its `display_as`. */
  readonly title: string;
  /** How many answers had a value for the output. */
  readonly answers: number;
  /** printf-like text for a line of the result, as the DDL gives it. */
  readonly format?: string;
  readonly finding: AggregateFinding;
}

/** Collects answers one by one. */
export interface Aggregator {
  /** Takes the data of one answer of an action that ran (status 0 or 1). Outputs that are absent or null do not count. */
  add(data: Readonly<Record<string, unknown>>): void;
  /** The summaries so far, in the order of the DDL. */
  summaries(): readonly AggregateSummary[];
}

const chartBuckets = 10;

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function countValues(values: readonly unknown[], label: (value: unknown) => string): AggregateFinding {
  const counts = new Map<string, number>();
  for (const value of values.flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : [value]))) {
    // isArray widens to any[]
    const text = label(value);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const ordered = [...counts].map(([value, count]) => ({ value, count }));
  return { kind: 'counts', counts: ordered.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1)) };
}

/** Nearest rank: the smallest number that at least `share` of the numbers do not exceed. */
function percentile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}

function chart(sorted: readonly number[]): AggregateFinding {
  const [min] = sorted;
  const max = sorted.at(-1);
  if (min === undefined || max === undefined) return { kind: 'chart', buckets: [] };
  const size = min === max ? 1 : chartBuckets;
  const width = (max - min) / size;
  const counts = Array.from({ length: size }, () => 0);
  for (const value of sorted) {
    const index = width === 0 ? 0 : Math.min(size - 1, Math.floor((value - min) / width));
    counts[index] = (counts[index] ?? 0) + 1;
  }
  const edge = (index: number) => (index === size ? max : min + index * width);
  return { kind: 'chart', buckets: counts.map((count, index) => ({ from: edge(index), to: edge(index + 1), count })) };
}

function summariseNumbers(
  name: Exclude<Aggregate['function'], 'summary' | 'boolean_summary'>,
  numbers: readonly number[],
): AggregateFinding {
  const sum = numbers.reduce((total, value) => total + value, 0);
  const average = numbers.length === 0 ? null : sum / numbers.length;
  const sorted = numbers.toSorted((a, b) => a - b);
  switch (name) {
    case 'average':
      return { kind: 'average', value: average };
    case 'sum':
      return { kind: 'sum', value: numbers.length === 0 ? null : sum };
    case 'minmax':
      return { kind: 'minmax', min: sorted[0] ?? null, max: sorted.at(-1) ?? null, average };
    case 'percentiles': {
      const at = (share: number) => percentile(sorted, share);
      return { kind: 'percentiles', p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99) };
    }
    case 'chart':
      return chart(sorted);
  }
}

function find(aggregate: Aggregate, values: readonly unknown[]): AggregateFinding {
  switch (aggregate.function) {
    case 'summary':
    case 'boolean_summary': {
      const { labels = {} } = aggregate;
      return countValues(values, (value) => {
        const text = valueText(value);
        return (Object.hasOwn(labels, text) ? labels[text] : undefined) ?? text;
      });
    }
    default: {
      const odd = values.find((value) => typeof value !== 'number' || !Number.isFinite(value));
      if (odd !== undefined) {
        return { kind: 'impossible', reason: `${valueText(odd).slice(0, 80)} is not a number` };
      }
      return summariseNumbers(aggregate.function, values as readonly number[]); // each was found to be a number above
    }
  }
}

/** An aggregator for all aggregates that the DDL of `action` declares. Memory grows with the values of the aggregated outputs. */
export function createAggregator(action: ActionDefinition): Aggregator {
  const collected = action.aggregates.map((aggregate) => ({ aggregate, values: [] as unknown[] }));
  return {
    add(data) {
      for (const { aggregate, values } of collected) {
        const value = Object.hasOwn(data, aggregate.output) ? data[aggregate.output] : null;
        if (value !== null && value !== undefined) values.push(value);
      }
    },
    summaries: () =>
      collected.map(({ aggregate, values }) => ({
        function: aggregate.function,
        output: aggregate.output,
        title: action.outputs[aggregate.output]?.display_as ?? aggregate.output,
        answers: values.length,
        ...(aggregate.format === undefined ? {} : { format: aggregate.format }),
        finding: find(aggregate, values),
      })),
  };
}
