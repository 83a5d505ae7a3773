import fc from 'fast-check';
import { expect, it } from 'vitest';
import { both, countBits, eachBit, either, firstSlots, hasBit, noSlots, without, type Bits } from './bits.ts';

const slots = 100;
const sets = fc.uniqueArray(fc.nat({ max: slots - 1 }));

function bitsOf(members: readonly number[]): Bits {
  const bits = noSlots(slots);
  for (const slot of members) bits[slot >>> 5] = (bits[slot >>> 5] ?? 0) | (1 << (slot & 31));
  return bits;
}

function slotsIn(bits: Bits): number[] {
  const found: number[] = [];
  eachBit(bits, (slot) => found.push(slot));
  return found;
}

const sorted = (members: Iterable<number>): number[] => [...members].sort((a, b) => a - b);

it('are sets of numbers', () => {
  fc.assert(
    fc.property(sets, sets, (left, right) => {
      const [a, b] = [bitsOf(left), bitsOf(right)];
      const inRight = new Set(right);
      expect(slotsIn(a)).toEqual(sorted(left));
      expect(countBits(a)).toBe(left.length);
      expect(slotsIn(both(a, b))).toEqual(sorted(left.filter((slot) => inRight.has(slot))));
      expect(slotsIn(either(a, b))).toEqual(sorted(new Set([...left, ...right])));
      expect(slotsIn(without(a, b))).toEqual(sorted(left.filter((slot) => !inRight.has(slot))));
      expect(left.every((slot) => hasBit(a, slot))).toBe(true);
    }),
  );
});

it.each([0, 1, 31, 32, 33, 64, 100])('of the first %i slots have just those', (count) => {
  expect(slotsIn(firstSlots(count))).toEqual(Array.from({ length: count }, (_, slot) => slot));
});
