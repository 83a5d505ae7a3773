import type { FactType } from '@muster/protocol/bridge';

/** Bits of the types that a column's values have; null has none. */
const bits = { text: 1, number: 2, boolean: 4, list: 8, hash: 16 } as const satisfies Record<FactType, number>;

export const listBit = bits.list;

export function typeBit(value: unknown): number {
  switch (typeof value) {
    case 'string':
      return bits.text;
    case 'number':
      return bits.number;
    case 'boolean':
      return bits.boolean;
    default:
      if (value === null || value === undefined) return 0;
      return Array.isArray(value) ? bits.list : bits.hash;
  }
}

export const typesOf = (sum: number): FactType[] =>
  // The keys of the table are the types.
  (Object.keys(bits) as FactType[]).filter((type) => (sum & bits[type]) !== 0);
