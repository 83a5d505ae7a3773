import type { NodeDetails } from '../node-details.ts';
import { nameLists } from './column-names.ts';
import type { ColumnChanges } from './column-writer.ts';
import { flattenFacts } from './flatten-facts.ts';
import { sameValue } from './value-index.ts';

function eachValue(details: NodeDetails, visit: (column: string, value: unknown) => void): void {
  flattenFacts(details.facts, visit);
  for (const list of nameLists) if (details[list].length > 0) visit(list, details[list]);
}

/** Notes which columns of one node differ from what was known of it; null when nothing was. */
export function noteChanges(changes: ColumnChanges, slot: number, before: NodeDetails | null, now: NodeDetails): void {
  const gone = new Map<string, unknown>();
  if (before !== null) eachValue(before, (column, value) => gone.set(column, value));
  eachValue(now, (column, value) => {
    const isSame = gone.has(column) && sameValue(gone.get(column), value);
    gone.delete(column);
    if (!isSame) changes.set(column, slot, value);
  });
  for (const column of gone.keys()) changes.set(column, slot, undefined);
}
