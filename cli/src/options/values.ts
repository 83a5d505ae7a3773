import type { Amount, Tolerance } from '@muster/protocol/bridge';
import { InvalidArgumentError } from 'commander';
import { collectivePattern } from '@muster/protocol/identity';
import { nodeStates, type NodeState } from '@muster/protocol/run';
import { readPeriod } from './until.ts';

/** Collects a flag that may be given more than once. */
export const repeated = (value: string, previous: readonly string[] | undefined): readonly string[] => [
  ...(previous ?? []),
  value,
];

const isState = (text: string): text is NodeState => nodeStates.some((state) => state === text);

/** Collects states of nodes from a flag that may be given more than once. */
export function repeatedState(value: string, previous: readonly NodeState[] | undefined): readonly NodeState[] {
  if (isState(value)) return [...(previous ?? []), value];
  throw new InvalidArgumentError(`It must be one of ${nodeStates.join(', ')}.`);
}

/** Collects names of collectives from a flag that may be given more than once. */
export function repeatedCollective(value: string, previous: readonly string[] | undefined): readonly string[] {
  if (collectivePattern.test(value)) return repeated(value, previous);
  throw new InvalidArgumentError('It must be 1 to 64 letters, digits, underscores and hyphens.');
}

/** A duration in seconds, as milliseconds; above 0 and up to 30 days. */
export function seconds(text: string): number {
  const value = /^(\d+\.?\d*|\.\d+)$/.test(text) ? Math.round(Number(text) * 1000) : 0;
  if (value > 0 && value <= 30 * 24 * 3_600_000) return value;
  throw new InvalidArgumentError('It must be a number of seconds above 0, such as 5 or 0.5.');
}

/** A pause in seconds, as milliseconds; from 0 up to a day. */
export function pause(text: string): number {
  const value = /^(\d+\.?\d*|\.\d+)$/.test(text) ? Math.round(Number(text) * 1000) : -1;
  if (value >= 0 && value <= 86_400_000) return value;
  throw new InvalidArgumentError('It must be a number of seconds from 0 to 86400.');
}

/** How many nodes: a number, or a share of those discovered. */
export function amount(text: string): Amount {
  const [, digits, percent] = /^(\d{1,7})(%?)$/.exec(text) ?? [];
  const number = Number(digits ?? 0);
  if (number === 0 || number > (percent === '%' ? 100 : 1_000_000)) {
    throw new InvalidArgumentError('It must be a number of nodes above 0, or a share from 1% to 100%.');
  }
  return { unit: percent === '%' ? 'percent' : 'nodes', amount: number };
}

/** How many nodes may fail: a number, or a share of all; 0 for none. */
export function tolerance(text: string): Tolerance {
  const [, digits, percent] = /^(\d{1,7})(%?)$/.exec(text) ?? [];
  const number = digits === undefined ? NaN : Number(digits);
  if (number <= (percent === '%' ? 100 : 1_000_000))
    return { unit: percent === '%' ? 'percent' : 'nodes', amount: number };
  throw new InvalidArgumentError('It must be a number of nodes from 0 on, or a share from 0% to 100%.');
}

/** What a draw begins with; a whole number. */
export function seed(text: string): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError('It must be a whole number from 0 to 9007199254740991.');
}

/** A number of days, from 1 to ten years. */
export function days(text: string): number {
  const value = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= 3650) return value;
  throw new InvalidArgumentError('It must be a number of days from 1 to 3650.');
}

/** A number of uses, from 1 to 100,000. */
export function count(text: string): number {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= 100_000) return value;
  throw new InvalidArgumentError('It must be a number from 1 to 100000.');
}

/** How long something is good, such as `90m`, `8h` or `2d`, as milliseconds; up to 30 days. */
export function period(text: string): number {
  const value = readPeriod(text);
  if (value !== null && value > 0 && value <= 30 * 86_400_000) return value;
  throw new InvalidArgumentError('It must be a period such as 90m, 8h or 2d, up to 30d.');
}

/** How many rows of a list, 1 to 500. */
export function rowCount(text: string): number {
  const value = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= 500) return value;
  throw new InvalidArgumentError('It must be a number from 1 to 500.');
}
