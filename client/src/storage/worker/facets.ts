import type { Counted, Facet } from '@muster/protocol/bridge';
import { eachBit, type Bits } from './columns/bits.ts';
import type { Column } from './columns/column.ts';

const byName = (a: Counted, b: Counted): number => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0);

/** How many of the slots have each text, by name. `texts` are the texts of one value of the column, each once. */
export function countTexts(column: Column, slots: Bits, texts: (value: unknown) => readonly string[]): Counted[] {
  const nodesByCode = new Uint32Array(column.values.length);
  eachBit(slots, (slot) => {
    const code = column.codes[slot] ?? 0;
    nodesByCode[code] = (nodesByCode[code] ?? 0) + 1;
  });
  const counts = new Map<string, number>();
  nodesByCode.forEach((nodes, code) => {
    if (nodes === 0 || code === 0) return;
    for (const text of texts(column.values[code])) counts.set(text, (counts.get(text) ?? 0) + nodes);
  });
  return [...counts].map(([value, nodes]) => ({ value, nodes })).sort(byName);
}

/** The most frequent first. */
export const facetOf = (counted: readonly Counted[], limit: number): Facet => ({
  values: counted.toSorted((a, b) => b.nodes - a.nodes).slice(0, limit),
  distinct: counted.length,
});
