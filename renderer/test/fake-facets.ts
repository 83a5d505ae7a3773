import type { Counted, EndpointResult, FactPath, FactType, NodeDetail } from '@muster/protocol/bridge';
import { expandIdentityRange, factLookup, splitPath, stepInto } from '@muster/protocol/filter';

/** A value as columns show it; null where there is none. */
export const asText = (value: unknown): string | null =>
  value === undefined || value === null ? null : typeof value === 'string' ? value : JSON.stringify(value);

/** Different values with the number of their nodes, the most frequent first. */
export function counted(values: readonly string[]): Counted[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .map(([value, nodes]) => ({ value, nodes }))
    .sort((a, b) => b.nodes - a.nodes || a.value.localeCompare(b.value));
}

function typeOf(value: unknown): FactType {
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'boolean';
  return typeof value === 'object' ? 'hash' : 'text';
}

function notePaths(value: unknown, path: string, found: Map<string, FactType>): void {
  if (path !== '') found.set(path, typeOf(value));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  for (const [key, below] of Object.entries(value)) {
    const step = key.replaceAll('.', String.raw`\.`);
    notePaths(below, path === '' ? step : `${path}.${step}`, found);
  }
}

/** All paths of facts with their types. */
export function factPaths(nodes: readonly NodeDetail[]): FactPath[] {
  const known = new Map<string, { nodes: number; types: Set<FactType> }>();
  for (const { facts } of nodes) {
    const found = new Map<string, FactType>();
    notePaths(facts, '', found);
    for (const [path, type] of found) {
      const entry = known.get(path) ?? { nodes: 0, types: new Set() };
      known.set(path, { nodes: entry.nodes + 1, types: entry.types.add(type) });
    }
  }
  return [...known]
    .map(([value, entry]) => ({ value, nodes: entry.nodes, types: [...entry.types] }))
    .sort((a, b) => (a.value < b.value ? -1 : 1));
}

/** The most frequent values of a fact. */
export function factFacet(nodes: readonly NodeDetail[], path: string, limit: number) {
  const look = factLookup(path);
  const values = counted(
    nodes.flatMap(({ facts }) => {
      const value = look(facts) ?? stepInto(facts, splitPath(path));
      return Array.isArray(value) ? [...new Set(value.map(String))] : (asText(value) ?? []);
    }),
  );
  return { values: values.slice(0, limit), distinct: values.length };
}

/** The most frequent names of a list that nodes have. */
export function nameFacet(nodes: readonly NodeDetail[], names: (node: NodeDetail) => readonly string[], limit: number) {
  const values = counted(nodes.flatMap(names));
  return { values: values.slice(0, limit), distinct: values.length };
}

/** Names and ranges in a text; simpler than what the engine does. */
export function resolveText(nodes: readonly NodeDetail[], text: string): EndpointResult<'fleet.resolve'> {
  const known = new Set(nodes.map(({ identity }) => identity));
  const names = new Set<string>();
  const malformed: { text: string; message: string }[] = [];
  for (const [piece] of text.matchAll(/(?:\[[^\][\s]*\]|[^\s,;"'`])+/g)) {
    const range = expandIdentityRange(piece, 10_000);
    if (!/^[\w.[\],-]+$/.test(piece)) malformed.push({ text: piece, message: 'This is not a name of a node' });
    else if (range.ok) for (const name of range.value) names.add(name);
    else malformed.push({ text: piece, message: range.error.message });
  }
  return {
    known: [...names].filter((name) => known.has(name)),
    unknown: [...names].filter((name) => !known.has(name)),
    malformed,
  };
}
