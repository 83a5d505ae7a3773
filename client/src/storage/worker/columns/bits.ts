/** A set of slots: bit n of the set is slot n. Sets that are combined have the same length. */
export type Bits = Uint32Array;

export const wordsFor = (slots: number): number => Math.ceil(slots / 32);

/** The first so many slots. */
export function firstSlots(slots: number): Bits {
  const bits = new Uint32Array(wordsFor(slots)).fill(0xffff_ffff);
  const rest = slots % 32;
  if (rest > 0) bits[bits.length - 1] = 2 ** rest - 1;
  return bits;
}

export const noSlots = (slots: number): Bits => new Uint32Array(wordsFor(slots));

export const both = (left: Bits, right: Bits): Bits => left.map((word, at) => word & (right[at] ?? 0));

export const either = (left: Bits, right: Bits): Bits => left.map((word, at) => word | (right[at] ?? 0));

/** Those of `all` that are not in `bits`. */
export const without = (all: Bits, bits: Bits): Bits => all.map((word, at) => word & ~(bits[at] ?? 0));

export function countBits(bits: Bits): number {
  let count = 0;
  for (const word of bits) {
    // Adds neighbouring bits, then pairs, then groups of four, then all bytes at once.
    let sums = word - ((word >>> 1) & 0x5555_5555);
    sums = (sums & 0x3333_3333) + ((sums >>> 2) & 0x3333_3333);
    sums = (sums + (sums >>> 4)) & 0x0f0f_0f0f;
    count += Math.imul(sums, 0x0101_0101) >>> 24;
  }
  return count;
}

export const hasBit = (bits: Bits, slot: number): boolean => (((bits[slot >>> 5] ?? 0) >>> (slot & 31)) & 1) === 1;

/** Calls `visit` for each slot in the set, in order. */
export function eachBit(bits: Bits, visit: (slot: number) => void): void {
  for (let at = 0; at < bits.length; at++) {
    for (let word = bits[at] ?? 0; word !== 0; word &= word - 1) visit(at * 32 + 31 - Math.clz32(word & -word));
  }
}
