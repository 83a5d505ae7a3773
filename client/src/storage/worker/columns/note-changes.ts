import type { NodeDetails } from '../node-details.ts';
import { nameLists } from './column-names.ts';
import type { ColumnChanges } from './column-writer.ts';
import { flattenFacts } from './flatten-facts.ts';
import { sameValue } from './value-index.ts';

function eachValue(details: NodeDetails, visit: (column: string, value: unknown) => void): void {
  flattenFacts(details.facts, visit);
  for (const list of nameLists) if (details[list].length > 0) visit(list, details[list]);
}

/** Told of a column that became another; undefined where there is nothing. */
export type OnChange = (column: string, before: unknown, after: unknown) => void;

/** Notes which columns of one node differ from what was known of it; null when nothing was, of which `onChange` is not told. */
export function noteChanges(
  changes: ColumnChanges,
  slot: number,
  before: NodeDetails | null,
  now: NodeDetails,
  onChange: OnChange = () => undefined,
): void {
  const gone = new Map<string, unknown>();
  if (before !== null) eachValue(before, (column, value) => gone.set(column, value));
  eachValue(now, (column, value) => {
    const was = gone.get(column);
    const isSame = gone.delete(column) && sameValue(was, value);
    if (isSame) return;
    changes.set(column, slot, value);
    if (before !== null) onChange(column, was, value);
  });
  for (const [column, was] of gone) {
    changes.set(column, slot, undefined);
    onChange(column, was, undefined);
  }
}
