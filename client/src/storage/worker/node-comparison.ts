import type { NodeComparison, NodeDetail } from '@muster/protocol/bridge';
import { factPathOf } from './columns/column-names.ts';
import { flattenFacts } from './columns/flatten-facts.ts';
import { sameValue } from './columns/value-index.ts';

const isHash = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The facts of a node that are no hashes of others, by path. */
function plainFacts({ facts }: NodeDetail): Map<string, unknown> {
  const found = new Map<string, unknown>();
  flattenFacts(facts, (column, value) => {
    if (!isHash(value)) found.set(factPathOf(column) ?? column, value);
  });
  return found;
}

const only = (first: readonly string[], second: readonly string[]) => ({
  first: first.filter((name) => !second.includes(name)).sort(),
  second: second.filter((name) => !first.includes(name)).sort(),
});

function differingFacts(first: NodeDetail, second: NodeDetail): Pick<NodeComparison, 'facts' | 'sameFacts'> {
  const [one, other] = [plainFacts(first), plainFacts(second)];
  const paths = [...new Set([...one.keys(), ...other.keys()])].sort();
  const differing = paths.filter(
    (path) => one.has(path) !== other.has(path) || !sameValue(one.get(path), other.get(path)),
  );
  // Facts came as JSON.
  const side = (facts: Map<string, unknown>, path: string) =>
    facts.get(path) as NodeComparison['facts'][number]['before'];
  return {
    facts: differing.map((path) => ({
      path,
      ...(one.has(path) ? { before: side(one, path) } : {}),
      ...(other.has(path) ? { after: side(other, path) } : {}),
    })),
    sameFacts: paths.length - differing.length,
  };
}

function differingAgents(first: NodeDetail, second: NodeDetail): NodeComparison['agents'] {
  const versions = ({ agents }: NodeDetail) => new Map(agents.map(({ name, version }) => [name, version]));
  const [one, other] = [versions(first), versions(second)];
  return [...new Set([...one.keys(), ...other.keys()])]
    .sort()
    .map((name) => ({ name, first: one.get(name) ?? null, second: other.get(name) ?? null }))
    .filter((agent) => agent.first !== agent.second);
}

/** Where two nodes of the inventory differ. */
export const compareNodes = (first: NodeDetail, second: NodeDetail): NodeComparison => ({
  ...differingFacts(first, second),
  classes: only(first.classes, second.classes),
  collectives: only(first.collectives, second.collectives),
  agents: differingAgents(first, second),
});
