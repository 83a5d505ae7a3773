import { InvalidArgumentError } from 'commander';

/** Collects a flag that may be given more than once. */
export const repeated = (value: string, previous: readonly string[] | undefined): readonly string[] => [
  ...(previous ?? []),
  value,
];

/** A duration in seconds, as milliseconds; above 0 and up to 30 days. */
export function seconds(text: string): number {
  const value = /^(\d+\.?\d*|\.\d+)$/.test(text) ? Math.round(Number(text) * 1000) : 0;
  if (value > 0 && value <= 30 * 24 * 3_600_000) return value;
  throw new InvalidArgumentError('It must be a number of seconds above 0, such as 5 or 0.5.');
}

/** How many nodes at most: a number, or a share of those discovered. */
export interface Limit {
  readonly kind: 'count' | 'percent';
  readonly amount: number;
}

export function limit(text: string): Limit {
  const [, digits, percent] = /^(\d{1,9})(%?)$/.exec(text) ?? [];
  const amount = Number(digits ?? 0);
  if (amount === 0 || (percent === '%' && amount > 100)) {
    throw new InvalidArgumentError('It must be a number of nodes above 0, or a share from 1% to 100%.');
  }
  return { kind: percent === '%' ? 'percent' : 'count', amount };
}

/** The first nodes up to the limit; a share is rounded down, but is one node at least. */
export function applyLimit(identities: readonly string[], bound: Limit | undefined): readonly string[] {
  if (bound === undefined) return identities;
  const most =
    bound.kind === 'count' ? bound.amount : Math.max(1, Math.floor((identities.length * bound.amount) / 100));
  return identities.slice(0, most);
}

/** How many rows of a list, 1 to 500. */
export function rowCount(text: string): number {
  const value = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= 500) return value;
  throw new InvalidArgumentError('It must be a number from 1 to 500.');
}
