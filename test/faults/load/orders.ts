import { integer, pick, weighted, type Choices, type Random } from '@muster/build/fleet';
import type { RunOrder } from '@muster/protocol/bridge';

/** What the generator of orders knows of the fleet. */
export interface Surroundings {
  /** Nodes with a process of their own: more happens to them, so they are asked more often. */
  readonly single: readonly [string, ...string[]];
  readonly all: readonly [string, ...string[]];
  /** A node that the broker knows and that never comes. */
  readonly ghost: string;
  /** Longest time to live, in milliseconds: how long the end of the test may have to wait. */
  readonly longestTtlMs: number;
}

type Inputs = RunOrder['inputs'];

const actions: Choices<{ action: string; inputs: (random: Random) => Inputs }> = [
  { weight: 8, value: { action: 'quick', inputs: () => ({}) } },
  { weight: 3, value: { action: 'slow', inputs: (random) => takingTime(random, 4000) } },
  { weight: 2, value: { action: 'patient', inputs: (random) => takingTime(random, 8000) } },
  { weight: 2, value: { action: 'failing', inputs: () => ({}) } },
  // Longer than the agent's time limit.
  { weight: 1, value: { action: 'slow', inputs: (random) => ({ ...takingTime(random, 0), ms: 60_000 }) } },
];

const takingTime = (random: Random, mostMs: number): Inputs => ({
  ms: integer(random, 200, Math.max(200, mostMs)),
  write: pick(random, ['first', 'last']),
});

/** Different nodes of a list, at most so many. */
function some(random: Random, from: readonly [string, ...string[]], most: number): string[] {
  const count = integer(random, 1, most);
  return [...new Set(Array.from({ length: count }, () => pick(random, from)))];
}

type Shape = Pick<RunOrder, 'target' | 'rollout' | 'batch' | 'untilMs' | 'ttlMs'>;

const toNodes = (identities: string[]): Pick<RunOrder, 'target'> => ({ target: { kind: 'nodes', identities } });

const shapes: Choices<(random: Random, fleet: Surroundings, nowMs: number) => Shape> = [
  { weight: 8, value: (random, { single }) => toNodes(some(random, single, 4)) },
  { weight: 4, value: (random, { all }) => toNodes(some(random, all, 25)) },
  {
    weight: 2,
    value: (random, { single, all }) => toNodes([pick(random, single), ...some(random, all, 5), 'nobody.example.com']),
  },
  { weight: 1, value: (random, { single, ghost }) => toNodes([pick(random, single), ghost]) },
  {
    weight: 2,
    value: (random, { single, longestTtlMs }, nowMs) => ({
      ...toNodes(some(random, single, 3)),
      untilMs: nowMs + integer(random, 10_000, longestTtlMs),
    }),
  },
  {
    weight: 2,
    value: (random, { all }) => ({
      ...toNodes(some(random, all, 12)),
      batch: { size: { unit: 'nodes', amount: 3 }, sleepMs: 500 },
    }),
  },
  {
    weight: 2,
    value: (random, { all }) => ({
      ...toNodes(some(random, all, 16)),
      rollout: {
        canary: { size: { unit: 'nodes', amount: 1 }, hold: false },
        concurrency: { unit: 'nodes', amount: 3 },
        maxErrors: { unit: 'percent', amount: 30 },
        ...(random() < 0.3 ? { lock: true as const } : {}),
      },
    }),
  },
  {
    weight: 1,
    value: (random) => ({ target: { kind: 'filter', filter: `role=${pick(random, ['db', 'lb', 'mon'])}` } }),
  },
];

/** The token of an order about ledgers. */
export function tokenOf(inputs: Inputs): string {
  const { token } = inputs;
  return typeof token === 'string' ? token : '';
}

/** An order as somebody might give it, about the agent that keeps ledgers. */
export function randomOrder(random: Random, fleet: Surroundings, token: string, nowMs: number): RunOrder {
  const { action, inputs } = weighted(random, actions);
  const shape = weighted(random, shapes)(random, fleet, nowMs);
  const life = shape.untilMs === undefined ? { ttlMs: integer(random, 5_000, fleet.longestTtlMs) } : {};
  return {
    agent: 'ledger',
    action,
    inputs: { token, ...inputs(random) },
    ...life,
    ...shape,
    ...(random() < 0.3 ? { deliveryMs: integer(random, 2_000, 10_000) } : {}),
  };
}
