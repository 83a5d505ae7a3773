import type { AgentVersions, BridgeClient, FleetAgent, FleetDataPlugin } from '@muster/protocol/bridge';
import type { PluginDdl } from '@muster/protocol/ddl';
import type { Fault } from '@muster/protocol/errors';
import { catalogueEntries, type CatalogueEntry, type CatalogueSubject } from './catalogue-entries.ts';

/** What the fleet's nodes say of their agents and data plugins. */
export class CatalogueState {
  // Put together as the fleet's answers come: the page may have been left by then, and what it derived is stale.
  #entries = $state.raw<readonly CatalogueEntry[] | null>(null);
  #agents: readonly FleetAgent[] | null = null;
  #plugins = $state.raw<readonly FleetDataPlugin[]>([]);
  #fault = $state.raw<Fault | null>(null);
  /** Of the agent that is open, where the fleet has several versions of it. */
  #versions = $state.raw<{ readonly name: string; readonly found: AgentVersions['versions'] } | null>(null);
  #subject = $state.raw<CatalogueSubject | null>(null);
  readonly #bridge: BridgeClient;

  constructor(bridge: BridgeClient) {
    this.#bridge = bridge;
    void this.load();
  }

  /** Agents, then data plugins, by name; null until the first answer. */
  get entries(): readonly CatalogueEntry[] | null {
    return this.#entries;
  }
  get fault(): Fault | null {
    return this.#fault;
  }

  /** The one that is open; null while none is, or when the fleet does not have it. */
  get entry(): CatalogueEntry | null {
    const subject = this.#subject;
    return this.#entries?.find(({ kind, name }) => kind === subject?.kind && name === subject.name) ?? null;
  }

  async load(): Promise<void> {
    const [agents, plugins] = await Promise.all([
      this.#bridge.call('actions.list', {}),
      this.#bridge.call('actions.dataPlugins', {}),
    ]);
    if (agents.ok) this.#agents = agents.value.agents;
    if (plugins.ok) this.#plugins = plugins.value.plugins;
    if (this.#agents !== null) this.#entries = catalogueEntries(this.#agents, this.#plugins);
    this.#fault = !agents.ok ? agents.error : !plugins.ok ? plugins.error : null;
    await this.#loadVersions();
  }

  /** Opens a page; null for none. */
  async open(subject: CatalogueSubject | null): Promise<void> {
    this.#subject = subject;
    await this.#loadVersions();
  }

  /** The description of one version; that of most nodes where the version is not known, or not here yet. */
  document(version: string | null): PluginDdl | null {
    const { entry } = this;
    if (entry === null || version === null) return entry?.ddl ?? null;
    const known: readonly { readonly ddl: PluginDdl }[] =
      entry.kind === 'data'
        ? (this.#plugins.find(({ name }) => name === entry.name)?.versions ?? [])
        : this.#versions?.name === entry.name
          ? this.#versions.found
          : [];
    return known.find(({ ddl }) => ddl.version === version)?.ddl ?? entry.ddl;
  }

  async #loadVersions(): Promise<void> {
    const { entry } = this;
    if (entry?.kind !== 'agent' || entry.versions.length < 2) return;
    const { name } = entry;
    const answer = await this.#bridge.call('actions.versions', { agent: name, target: { kind: 'filter', filter: '' } });
    if (name !== this.#subject?.name) return;
    if (answer.ok) this.#versions = { name, found: answer.value.versions };
    else this.#fault = answer.error;
  }
}
