import { fail, ok, type Fault, type Result } from '@muster/protocol/errors';
import { allNodes, discoveryNeeds, printFilter } from '@muster/protocol/filter';
import type { Subscribed } from '@muster/runtime/bus';
import type { ConsoleConfiguration } from '../configuration/index.ts';
import {
  createBroadcastSource,
  createDiscovery,
  createExternalSource,
  createInventorySource,
  createListSource,
  createPuppetDbSource,
  type ExpectNodes,
} from '../discovery/index.ts';
import type { Effects } from '../effects.ts';
import type { Discovery } from '../engine/parts/discovery.ts';
import type { Inventory } from '../engine/parts/inventory.ts';
import type { Converse, RejectLog } from '../requests/index.ts';
import { createRevisionNews } from '../revision-news.ts';
import type { InventoryReader, InventoryWriter } from '../storage/index.ts';
import { FleetReader } from './fleet-reader.ts';
import { createAgentLookup } from './learn-agent.ts';
import { readPing } from './read-node.ts';
import { listenToRegistry, type HeardRegistration } from './registry-listener.ts';
import { resolveText } from './resolve-text.ts';
import { SignBook } from './sign-book.ts';

/** The inventory's picture of the whole fleet counts as complete for this long after it was looked for, in milliseconds. */
const sweepGoodForMs = 15 * 60_000;

/** Changes are gathered for this long before the nodes are asked, in milliseconds. */
const gatherMs = 500;

/** The inventory, and what only the engine itself does with it. */
export interface InventoryKeeper extends Inventory {
  /** Discovery for everybody else; what it hears goes into the inventory. */
  readonly discovery: Discovery;
  /**
   * Begins to hear registrations, if that has not begun yet, and looks for the fleet. To be called whenever the bus comes up: registrations
   * of the time without a connection were missed. Errors: `broker.*`, `storage.*`.
   */
  follow(): Promise<Result<void>>;
  /** Tells listeners when another process changed the database. */
  lookForChanges(): Promise<void>;
  close(): Promise<void>;
}

export function createInventory(options: {
  readonly configuration: ConsoleConfiguration;
  readonly consoleId: string;
  readonly effects: Effects;
  readonly converse: Converse;
  readonly rejects: RejectLog;
  readonly storage: InventoryReader & InventoryWriter;
  /** Told of each node that registers, but not of those that leave. */
  readonly onRegistered?: (identity: string) => void;
}): InventoryKeeper {
  const { configuration, effects, converse, rejects, storage } = options;
  const { collectives } = configuration;
  const changes = createRevisionNews(
    () => storage.fleetRevision(),
    ({ revision }) => revision,
  );
  /** Nodes that registered since they were asked last, with the collective that reaches each. */
  const registered = new Map<string, string>();
  const stopping = new AbortController();
  const reader = new FleetReader({ converse, effects, store: storage, rejects, signal: stopping.signal });
  const logFault = (fault: Fault) => effects.logger.warn({ code: fault.code }, `inventory: ${fault.message}`);
  const signs = new SignBook(storage, () => void changes.look(), logFault);
  let registry: Subscribed | null = null;
  let working: Promise<unknown> = Promise.resolve();
  let stopGathering: (() => void) | null = null;

  /** One piece of work at a time: two at once would ask the same nodes. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = working.then(work, work);
    working = next.catch(() => undefined);
    return next;
  }

  const expectNodes: ExpectNodes = async (filter) => {
    if (discoveryNeeds(filter).needsBroadcast) return null;
    const [swept, stale] = await Promise.all([storage.lastSweep(), storage.staleNodes()]);
    if (!swept.ok || swept.value === null || effects.clock() - swept.value > sweepGoodForMs) return null;
    if (!stale.ok || stale.value.length > 0) return null;
    const identities = await storage.identitiesMatching(printFilter(filter));
    return identities.ok ? new Set(identities.value) : null;
  };

  const { discovery: settings } = configuration;
  const discovery: Discovery = createDiscovery({
    sources: {
      broadcast: createBroadcastSource({
        converse,
        effects,
        timeoutMs: configuration.discoveryTimeoutMs,
        expectNodes,
        onAnswer: (answer) => signs.note(readPing(answer)),
      }),
      inventory: createInventorySource(storage),
      list: createListSource(settings),
      puppetdb: createPuppetDbSource(settings.puppetdb),
      external: createExternalSource(settings.external),
    },
    effects,
    choice: settings.choice,
    collective: collectives[0],
  });

  /** `everyone`: a person asks, so that nodes that were silent are asked as well. */
  async function sweep(everyone: boolean): Promise<Result<{ nodes: number; updated: number }>> {
    const found = new Map<string, string>();
    for (const collective of collectives) {
      const discovered = await discovery.discover({
        filter: allNodes,
        collective,
        choice: { method: 'broadcast', options: { window: 'full' } },
        signal: stopping.signal,
      });
      if (!discovered.ok) return discovered;
      for (const identity of discovered.value.identities) if (!found.has(identity)) found.set(identity, collective);
    }
    await signs.drain();
    const updated = await reader.readStale(found, { everyone });
    if (!updated.ok) return updated;
    if (stopping.signal.aborted) return fail('broker.closed', 'Muster is closing');
    const noted = await storage.noteSweep(effects.clock());
    if (!noted.ok) return noted;
    await changes.look();
    return ok({ nodes: found.size, updated: updated.value });
  }

  async function readChanged(): Promise<void> {
    const nodes = new Map(registered);
    registered.clear();
    await signs.drain();
    const updated = await reader.readStale(nodes, { everyone: false });
    if (!updated.ok) logFault(updated.error);
    else if (updated.value > 0) await changes.look();
  }

  function hear({ registration, arrivedAtMs, certificateUntilMs }: HeardRegistration): void {
    if (stopping.signal.aborted) return;
    const { sender, agentVersion, digests, issuedAtMs, ttlMs, collective, event, recipient } = registration;
    signs.note({
      identity: sender,
      atMs: arrivedAtMs,
      agentVersion,
      digests,
      clockSkewMs: issuedAtMs - arrivedAtMs,
      heardWithinMs: ttlMs,
      hasStopped: event === 'stopped',
      ...(certificateUntilMs === undefined ? {} : { certificateUntilMs }),
      ...(recipient === undefined ? {} : { recipient: { recipient, announcedAtMs: issuedAtMs } }),
    });
    if (event === 'stopped') return;
    options.onRegistered?.(sender);
    registered.set(sender, collective);
    stopGathering ??= effects.startTimer(gatherMs, () => {
      stopGathering = null;
      void inTurn(readChanged);
    });
  }

  async function listen(): Promise<Result<void>> {
    if (registry !== null) return ok(undefined);
    const { person } = configuration;
    const { consoleId } = options;
    const heard = await listenToRegistry({ person, consoleId, collectives, effects, rejects, onRegistration: hear });
    if (!heard.ok) return heard;
    registry = heard.value;
    return ok(undefined);
  }

  const lookup = createAgentLookup({
    store: storage,
    reader,
    discovery,
    collectives,
    clock: effects.clock,
    isFollowing: () => registry !== null,
  });

  return {
    discovery,
    count: (filter) => storage.countNodes(filter),
    list: (params) => storage.listNodes(params),
    identities: (filter) => storage.identitiesMatching(filter),
    node: (identity) => storage.getNode(identity),
    factPaths: () => storage.factPaths(),
    factValues: (path, limit, filter = '') => storage.factValues(path, limit, filter),
    classes: (filter = '') => storage.classes(filter),
    collectives: (filter = '') => storage.collectives(filter),
    facets: (params) => storage.facets(params),
    resolve: (text) => resolveText(text, (identities) => storage.knownIdentities(identities)),
    agents: () => storage.agents(),
    dataPlugins: () => storage.dataPlugins(),
    agent: (name) => lookup.find(name),
    agentVersions: (name, among) => lookup.versions(name, among),
    async agentsFor(name, among) {
      // What nodes have just answered tells which agents they have.
      await signs.drain();
      return lookup.findFor(name, among);
    },
    refresh: () => inTurn(() => sweep(true)),
    revision: () => storage.fleetRevision(),
    onChange: (listener) => changes.onChange(listener),
    follow: () =>
      inTurn(async () => {
        const listening = await listen();
        if (!listening.ok) return listening;
        const swept = await sweep(false);
        return swept.ok ? ok(undefined) : swept;
      }),
    lookForChanges: () => changes.look(),
    async close() {
      stopping.abort();
      stopGathering?.();
      await working;
      await registry?.cancel({ deleteQueue: true });
      await signs.drain();
    },
  };
}
