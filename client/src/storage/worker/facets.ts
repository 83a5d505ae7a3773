import type { Counted } from '@muster/protocol/bridge';
import { factLookup, joinPath } from '@muster/protocol/filter';
import type { CachedNode } from './node-cache.ts';

/** How deep facts are looked into for paths. */
const deepest = 12;

/** A fact as a grid shows it: text as it is, everything else as JSON; null when there is none. */
export function factText(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Finds texts of one fact. */
export function factColumn(path: string): (node: CachedNode) => string | null {
  const lookup = factLookup(path);
  return (node) => factText(lookup(node.facts));
}

const isHash = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Calls `visit` for each path that leads to a value other than a hash; arrays are values. */
function walk(facts: Readonly<Record<string, unknown>>, steps: readonly string[], visit: (path: string) => void): void {
  for (const [name, value] of Object.entries(facts)) {
    const path = [...steps, name];
    if (isHash(value) && path.length < deepest) walk(value, path, visit);
    else visit(joinPath(path));
  }
}

const byName = (counts: ReadonlyMap<string, number>): Counted[] =>
  [...counts]
    .map(([value, nodes]) => ({ value, nodes }))
    .sort((a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0));

/** Counts what nodes have: each value once for each node. */
function tally(
  nodes: readonly CachedNode[],
  values: (node: CachedNode, add: (value: string) => void) => void,
): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (value: string) => counts.set(value, (counts.get(value) ?? 0) + 1);
  for (const node of nodes) values(node, add);
  return counts;
}

/** Every path to a fact with how many nodes have it, by name. */
export const countFactPaths = (nodes: readonly CachedNode[]): Counted[] =>
  byName(tally(nodes, (node, add) => walk(node.facts, [], add)));

/** Every class with how many nodes have it, by name. */
export const countClasses = (nodes: readonly CachedNode[]): Counted[] =>
  byName(tally(nodes, (node, add) => [...new Set(node.classes)].forEach(add)));

/** The most frequent values of a fact; each element of an array is a value. */
export function countFactValues(
  nodes: readonly CachedNode[],
  path: string,
  limit: number,
): { values: Counted[]; distinct: number } {
  const lookup = factLookup(path);
  const counts = tally(nodes, (node, add) => {
    const value = lookup(node.facts);
    const texts = Array.isArray(value) ? value.map(factText) : [factText(value)];
    for (const text of new Set(texts)) if (text !== null) add(text);
  });
  const values = byName(counts).sort((a, b) => b.nodes - a.nodes);
  return { values: values.slice(0, limit), distinct: values.length };
}
