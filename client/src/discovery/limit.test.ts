import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Limit } from '@muster/protocol/bridge';
import { applyLimit, batchCount, limitCount, withSeed } from './limit.ts';

const names = Array.from({ length: 100 }, (_unused, index) => `node${String(index).padStart(3, '0')}`);
const nodes = (amount: number) => ({ unit: 'nodes', amount }) as const;
const percent = (amount: number) => ({ unit: 'percent', amount }) as const;
const draw = (amount: number, seed: number): Limit => ({ size: nodes(amount), method: 'random', seed });

it.each([
  [percent(50), 7, 3],
  [percent(1), 7, 1],
  [percent(100), 7, 7],
  [nodes(3), 7, 3],
  [nodes(9), 7, 7],
])('%j of %i nodes leaves %i', (size, total, count) => expect(limitCount(size, total)).toBe(count));

it.each([
  [percent(50), 7, 4],
  [percent(1), 7, 1],
  [percent(100), 7, 7],
  [nodes(3), 7, 3],
])('a batch of %j of %i nodes has %i', (size, total, count) => expect(batchCount(size, total)).toBe(count));

it('takes the first in the order in which they came', () => {
  expect(applyLimit(['c', 'a', 'b'], { size: nodes(2), method: 'first' })).toEqual(['c', 'a']);
  expect(applyLimit(['c', 'a', 'b'], undefined)).toEqual(['c', 'a', 'b']);
});

it('draws the same nodes for the same seed, whatever the order in which they came', () => {
  fc.assert(
    fc.property(
      fc.shuffledSubarray(names, { minLength: 100 }),
      fc.maxSafeNat(),
      fc.integer({ min: 1, max: 100 }),
      (shuffled, seed, amount) => {
        const drawn = applyLimit(shuffled, draw(amount, seed));
        expect(new Set(drawn).size).toBe(amount);
        expect([...drawn].sort()).toEqual([...applyLimit(names, draw(amount, seed))].sort());
      },
    ),
  );
});

it('draws others for other seeds, and each node as often as any other', () => {
  const times = new Map<string, number>();
  const draws = new Set<string>();
  for (let seed = 0; seed < 5000; seed++) {
    const drawn = applyLimit(names, draw(10, seed * 2 ** 20));
    draws.add([...drawn].sort().join());
    for (const name of drawn) times.set(name, (times.get(name) ?? 0) + 1);
  }
  expect(draws.size).toBe(5000);
  expect(Math.min(...times.values())).toBeGreaterThan(400);
  expect(Math.max(...times.values())).toBeLessThan(600);
});

it('chooses a seed where one is needed and none was given', () => {
  const bytes = () => new Uint8Array([0, 0, 1, 2]);
  expect(withSeed({ size: nodes(1), method: 'random' }, bytes)).toMatchObject({ seed: 258 });
  expect(withSeed(draw(1, 7), bytes)).toMatchObject({ seed: 7 });
  expect(withSeed({ size: nodes(1), method: 'first' }, bytes)).not.toHaveProperty('seed');
});
