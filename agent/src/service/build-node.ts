import { publicSettings, type Configuration } from '../configuration/index.ts';
import { createFactStore, mergeFacts, type Facts, type FactStore, type System } from '../facts/index.ts';
import { createClassStore, newCounters, type Counters, type NodeView } from '../node/index.ts';
import type { Catalogue } from '../catalogue/index.ts';
import type { HostPool } from '../isolation/index.ts';
import type { AgentPlugin } from '../plugins/index.ts';
import type { Request } from '@muster/protocol/messages';
import type { Clock, RandomBytes } from '@muster/runtime/effects';
import type { Logger } from '@muster/runtime/logging';
import { agentVersion } from '../version.ts';
import { createDigester } from './digests.ts';
import { agentStateFolders, nodeCatalogue } from './node-catalogue.ts';

/** A node with all that changes about it. */
export interface BuiltNode {
  readonly view: NodeView;
  readonly catalogue: Catalogue;
  readonly counters: Counters;
  readonly running: Set<Request>;
  readonly facts: FactStore;
}

function factStoreOf(
  { settings }: Configuration,
  effects: { clock: Clock; logger: Logger; system: System },
): FactStore {
  const { builtin, refresh, files, directory } = settings.facts;
  return createFactStore({ builtin, builtinMaxAgeMs: refresh * 1000, files, directory }, effects);
}

/** The fact by which filters reach Muster itself; it comes first, so that a site's own facts may override it. */
const musterFact = (settings: Configuration['settings']): Facts => ({
  muster: { version: agentVersion, identity: settings.identity, collectives: settings.collectives },
});

/** Puts together what a configuration says a node is. */
export function buildNode(
  configuration: Configuration,
  effects: {
    clock: Clock;
    logger: Logger;
    system: System;
    randomBytes: RandomBytes;
    hosts: HostPool;
    agents: readonly AgentPlugin[];
    cancelRequest: NodeView['cancelRequest'];
    recipient: string;
    activationMs: number;
  },
): BuiltNode {
  const { settings } = configuration;
  const counters = newCounters();
  const running = new Set<Request>();
  const facts = factStoreOf(configuration, effects);
  const classes = createClassStore(settings.classes_file, effects.logger);
  const [main = '', ...others] = settings.collectives;
  const own = musterFact(settings);
  let merged: { readonly from: Facts; readonly facts: Facts } | undefined;

  async function nodeFacts(): Promise<Facts> {
    const from = await facts.current();
    if (merged?.from !== from) merged = { from, facts: mergeFacts([own, from]) };
    return merged.facts;
  }

  const stateFolder = agentStateFolders(settings.state);
  const catalogue = nodeCatalogue(configuration, { ...effects, facts: nodeFacts, stateFolder });
  const view: NodeView = {
    identity: settings.identity,
    version: agentVersion,
    collectives: [main, ...others],
    startedAtMs: effects.clock(),
    recipient: effects.recipient,
    configFile: configuration.file,
    settings: publicSettings(settings),
    facts: nodeFacts,
    classes: () => classes.current(),
    digests: () => digests(),
    get agents() {
      return catalogue.descriptions;
    },
    dataPlugins: catalogue.dataPlugins,
    pluginSettings: (name) => catalogue.settings(name),
    stateFolder,
    counters,
    cancelRequest: effects.cancelRequest,
    running: () => [...running].map(({ agent, action }) => `${agent}#${action}`),
  };
  const digests = createDigester(view);
  return { view, catalogue, counters, running, facts };
}
