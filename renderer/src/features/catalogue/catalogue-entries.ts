import type { FleetAgent, FleetDataPlugin } from '@muster/protocol/bridge';
import type { PluginDdl } from '@muster/protocol/ddl';

/** Which page of the catalogue is meant. */
export interface CatalogueSubject {
  readonly kind: PluginDdl['kind'];
  readonly name: string;
}

/** An agent or a data plugin as the catalogue lists it. */
export interface CatalogueEntry extends CatalogueSubject {
  /** Of the version that most nodes have. */
  readonly ddl: PluginDdl;
  readonly nodes: number;
  /** Those of most nodes first. */
  readonly versions: readonly { readonly version: string; readonly nodes: number }[];
}

/** Everything that the fleet has: agents, then data plugins, each by name. */
export function catalogueEntries(
  agents: readonly FleetAgent[],
  plugins: readonly FleetDataPlugin[],
): readonly CatalogueEntry[] {
  const byName = (a: CatalogueEntry, b: CatalogueEntry) => a.name.localeCompare(b.name);
  const ofAgents = agents.map(({ ddl, nodes, versions }) => ({
    kind: 'agent' as const,
    name: ddl.name,
    ddl,
    nodes,
    versions,
  }));
  const ofPlugins = plugins.flatMap(({ name, versions }) => {
    const [first] = versions;
    if (first === undefined) return [];
    return {
      kind: 'data' as const,
      name,
      ddl: first.ddl,
      nodes: versions.reduce((sum, { nodes }) => sum + nodes, 0),
      versions: versions.map(({ ddl, nodes }) => ({ version: ddl.version, nodes })),
    };
  });
  return [...ofAgents.sort(byName), ...ofPlugins.sort(byName)];
}

function searched({ ddl }: CatalogueEntry): string {
  const parts = ddl.kind === 'agent' ? ddl.actions.flatMap(({ name, description }) => [name, description]) : [];
  return [ddl.name, ddl.description, ...parts].join(' ').toLowerCase();
}

/** The entries that hold every word of a search in their name, their description, or those of their actions. */
export function matchingEntries(entries: readonly CatalogueEntry[], search: string): readonly CatalogueEntry[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return entries.filter((entry) => {
    const text = searched(entry);
    return words.every((word) => text.includes(word));
  });
}

/** The filter that selects the nodes with an agent, or with one version of it where there are several. */
export function nodesWith({ name, versions }: CatalogueEntry, version: string): string {
  const having = `@agent=${name}`;
  return versions.length < 2 ? having : `${having} and agent('${name}').version="${version}"`;
}
