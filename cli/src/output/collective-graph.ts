import { cleanLine } from './clean-text.ts';

export const graphForms = ['dot', 'mermaid'] as const;
export type GraphForm = (typeof graphForms)[number];

/** Which collectives each node is in. */
export type Memberships = ReadonlyMap<string, readonly string[]>;

interface Group {
  readonly label: string;
  readonly collectives: readonly string[];
}

/** Nodes in the same collectives are one box, so that a graph of thousands can be read. */
function groupsOf(memberships: Memberships): readonly Group[] {
  const byKey = Map.groupBy(memberships, ([, collectives]) => JSON.stringify([...collectives].sort()));
  return [...byKey.values()].map((members) => {
    const [identity, collectives] = members[0] ?? ['', []];
    return {
      label: members.length === 1 ? identity : `${members.length} nodes`,
      collectives: [...new Set(collectives)].sort(),
    };
  });
}

const quoted = (text: string): string => `"${cleanLine(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

/** Mermaid has entities instead of escapes. */
const mermaidText = (text: string): string => `"${cleanLine(text).replaceAll('&', '#amp;').replaceAll('"', '#quot;')}"`;

/** The collectives and which nodes are in which, as DOT for Graphviz or as a Mermaid flowchart. */
export function collectiveGraph(memberships: Memberships, form: GraphForm): string {
  const groups = groupsOf(memberships);
  const collectives = [...new Set(groups.flatMap((group) => group.collectives))].sort();
  const idOf = new Map(collectives.map((name, at) => [name, `c${at}`]));
  const edges = groups.flatMap((group, at) =>
    group.collectives.map((name) => [idOf.get(name) ?? '', `n${at}`] as const),
  );
  if (form === 'dot') {
    return [
      'graph collectives {',
      '  rankdir=LR;',
      ...collectives.map((name) => `  ${idOf.get(name) ?? ''} [label=${quoted(name)}, shape=ellipse];`),
      ...groups.map(({ label }, at) => `  n${at} [label=${quoted(label)}, shape=box];`),
      ...edges.map(([from, to]) => `  ${from} -- ${to};`),
      '}\n',
    ].join('\n');
  }
  return [
    'graph LR',
    ...collectives.map((name) => `  ${idOf.get(name) ?? ''}([${mermaidText(name)}])`),
    ...groups.map(({ label }, at) => `  n${at}[${mermaidText(label)}]`),
    ...edges.map(([from, to]) => `  ${from} --- ${to}`),
    '',
  ].join('\n');
}
