import type { AgentDdl } from '@muster/protocol/ddl';
import { faultFrom, type Fault, type Result } from '@muster/protocol/errors';
import type { Logger } from '@muster/runtime/logging';
import { createGate } from '../limits/gate.ts';
import type { AgentPlugin, DataPlugin } from '../plugins/index.ts';
import { findAgents, type FoundAgent } from './find-agents.ts';
import { loadFound, type FoundSurroundings } from './load-found.ts';
import { activeData, loadShipped } from './load-shipped.ts';
import { noSettings, readPluginSettings, type PluginSettings } from './plugin-settings.ts';
import type { ShippedAgent } from './shipped-agent.ts';

/** What a node can do, as of now. */
export interface Catalogue {
  /** By name. The map stays the same; what is in it changes with `load`. */
  readonly agents: ReadonlyMap<string, AgentPlugin>;
  readonly dataPlugins: ReadonlyMap<string, DataPlugin>;
  /** The DDLs of the agents, by name; another map whenever agents or data plugins have changed. */
  readonly descriptions: ReadonlyMap<string, AgentDdl>;
  /** The settings that a plugin's file holds; none while the file is missing or broken. */
  settings(name: string): Readonly<Record<string, unknown>>;
  /** Names of agents that did not say in time whether they want to be active: the next `load` asks them again. */
  readonly unanswered: readonly string[];
  /** Looks at plugin folders and settings anew. True when agents or data plugins have changed. One at a time. */
  load(): Promise<boolean>;
}

export interface CatalogueOptions extends FoundSurroundings {
  /** Agents that are part of the node itself: always there, never replaced. */
  readonly core: readonly AgentPlugin[];
  readonly shipped: readonly ShippedAgent[];
  readonly data: readonly DataPlugin[];
  /** Folders with further agents, which replace shipped ones of the same name. */
  readonly folders: readonly string[];
  /** Folder with the plugins' settings. */
  readonly settingsFolder: string;
  /** False: only the core, and what its settings activate. */
  readonly activate: boolean;
  readonly logger: Logger;
}

/** A candidate with all that decides what becomes of it, so that it is loaded again only when that has changed. */
interface Candidate {
  readonly name: string;
  readonly stamp: string;
  readonly settings: PluginSettings;
  /** Names of the files in `plugin.d` that its settings come from. */
  readonly settingsNames: readonly string[];
  load(): ReturnType<typeof loadFound>;
}

interface Loaded {
  /** Undefined for one that did not say whether it wants to be active. */
  readonly stamp: string | undefined;
  readonly plugin: AgentPlugin | undefined;
}

const describe = (agents: ReadonlyMap<string, AgentPlugin>): ReadonlyMap<string, AgentDdl> =>
  new Map([...agents].map(([name, { ddl }]) => [name, ddl]));

const withoutActivation = (settings: PluginSettings): PluginSettings => ({ activate: false, ...settings });

/** Keeps the agents and data plugins of a node. What is broken is logged once, and everything else works. */
export function createCatalogue(options: CatalogueOptions): Catalogue {
  const { core, logger } = options;
  const coreNames = new Set(core.map(({ ddl }) => ddl.name));
  const agents = new Map<string, AgentPlugin>(core.map((plugin) => [plugin.ddl.name, plugin]));
  const dataPlugins = new Map<string, DataPlugin>();
  const said = new Set<string>();
  let loaded = new Map<string, Loaded>();
  let settings: ReadonlyMap<string, Result<PluginSettings>> = new Map();
  let loading: Promise<boolean> = Promise.resolve(false);
  let before = '';
  let descriptions = describe(agents);

  function complain({ code, message }: Fault): void {
    if (said.has(message)) return;
    said.add(message);
    logger.error({ event: code }, message);
  }

  const writtenSettings = (name: string): PluginSettings => {
    const given = settings.get(name);
    return given?.ok === true ? given.value : noSettings;
  };
  const settingsOf = (name: string): PluginSettings =>
    options.activate ? writtenSettings(name) : withoutActivation(writtenSettings(name));

  function foundCandidate(found: FoundAgent): Candidate {
    const { name, program, stamp } = found;
    const given = settingsOf(name);
    return {
      name,
      stamp: `${program} ${stamp} ${JSON.stringify(given)}`,
      settings: given,
      settingsNames: [name],
      load: () => loadFound(found, given, options),
    };
  }
  function shippedCandidate(shipped: ShippedAgent): Candidate {
    const { name } = shipped.ddl;
    const given = settingsOf(name);
    const own = { ...settingsOf(shipped.settingsName).own, ...given.own };
    return {
      name,
      stamp: JSON.stringify([given, own]),
      settings: given,
      settingsNames: [...new Set([name, shipped.settingsName])],
      load: () => loadShipped(shipped, { ...given, own }, options.module),
    };
  }

  async function candidates(): Promise<readonly Candidate[]> {
    const found = await findAgents(options.folders);
    for (const { file, reason } of found.misplaced) {
      complain({ code: 'config.invalid', message: `${file} is no agent: ${reason}` });
    }
    const byName = new Map(options.shipped.map((shipped) => [shipped.ddl.name, shippedCandidate(shipped)]));
    for (const agent of found.agents) {
      if (coreNames.has(agent.name)) {
        complain({ code: 'config.invalid', message: `${agent.ddlFile}: ${agent.name} cannot be replaced` });
      } else byName.set(agent.name, foundCandidate(agent));
    }
    return [...byName.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
  }

  async function loadOne(candidate: Candidate): Promise<Loaded> {
    const { name, stamp, settings: own, settingsNames } = candidate;
    const known = loaded.get(name);
    if (known?.stamp === stamp) return known;
    const broken = settingsNames.map((file) => settings.get(file)).find((given) => given?.ok === false);
    if (broken?.ok === false) {
      complain(broken.error);
      return { stamp, plugin: undefined };
    }
    try {
      const plugin = await candidate.load();
      if (!plugin.ok) {
        complain(plugin.error);
        return { stamp, plugin: undefined };
      }
      if (plugin.value === 'inactive') return { stamp, plugin: undefined };
      if (plugin.value === 'unanswered') {
        const isAskedAgain = known !== undefined && known.stamp === undefined;
        const message = `the agent ${name} did not say in time whether it is active, and is asked again`;
        if (!isAskedAgain) logger.warn({ event: 'agent.unanswered', agent: name }, message);
        return { stamp: undefined, plugin: undefined };
      }
      const { concurrentActions } = own;
      const gate = concurrentActions === undefined ? {} : { gate: createGate(concurrentActions) };
      return { stamp, plugin: { ...plugin.value, ...gate } };
    } catch (thrown) {
      complain({ code: 'internal', message: `The agent ${name} cannot be used: ${faultFrom(thrown).message}` });
      return { stamp, plugin: undefined };
    }
  }

  async function loadAll(): Promise<boolean> {
    settings = await readPluginSettings(options.settingsFolder);
    const next = new Map<string, Loaded>();
    for (const candidate of await candidates()) next.set(candidate.name, await loadOne(candidate));
    const data = await activeData(options.data, writtenSettings, options.activate);
    // All at once, so that nobody sees half of it.
    loaded = next;
    agents.clear();
    for (const plugin of core) agents.set(plugin.ddl.name, plugin);
    for (const [name, { plugin }] of next) if (plugin !== undefined) agents.set(name, plugin);
    dataPlugins.clear();
    for (const plugin of data) dataPlugins.set(plugin.ddl.name, plugin);
    const now = JSON.stringify([[...agents.values()].map(({ ddl }) => ddl), [...dataPlugins.keys()]]);
    const changed = now !== before;
    before = now;
    if (changed) descriptions = describe(agents);
    return changed;
  }

  return {
    agents,
    dataPlugins,
    get descriptions() {
      return descriptions;
    },
    get unanswered() {
      return [...loaded].filter(([, { stamp }]) => stamp === undefined).map(([name]) => name);
    },
    settings: (name) => settingsOf(name).own,
    load() {
      loading = loading.then(loadAll, loadAll);
      return loading;
    },
  };
}
