import type { AgentVersions } from '@muster/protocol/bridge';
import type { AgentDdl } from '@muster/protocol/ddl';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { allNodes, printFilter } from '@muster/protocol/filter';
import type { Clock } from '@muster/runtime/effects';
import type { Discovery } from '../engine/parts/discovery.ts';
import type { MeantNodes } from '../engine/parts/inventory.ts';
import type { InventoryReader, InventoryWriter } from '../storage/index.ts';
import type { FleetReader } from './fleet-reader.ts';

/** Without an ear for registrations a DDL is taken as current for this long, and what a node said of its agents, in milliseconds. */
const currentForMs = 3_600_000;

export interface AgentLookup {
  /** The DDL learnt last: from the database, else from any node that has the agent. Errors: `agent.unknown`, `broker.*`. */
  find(name: string): Promise<Result<AgentDdl>>;
  /** Errors: `filter.*`, `storage.*`. */
  versions(name: string, among: MeantNodes): Promise<Result<AgentVersions>>;
  /**
   * The DDLs that some nodes have, those of most nodes first; where that is not known, the one that {@link AgentLookup.find} gives.
   */
  findFor(name: string, among: MeantNodes): Promise<Result<readonly [AgentDdl, ...AgentDdl[]]>>;
}

/** Finds DDLs in the database, else on the fleet. */
export function createAgentLookup(options: {
  readonly store: Pick<InventoryReader, 'agentDdl' | 'agentVersions'> & Pick<InventoryWriter, 'storePlugins'>;
  readonly reader: FleetReader;
  readonly discovery: Discovery;
  readonly collectives: readonly string[];
  readonly clock: Clock;
  /** Registrations are heard, so that what is known is current. */
  readonly isFollowing: () => boolean;
}): AgentLookup {
  const { store, reader, clock } = options;

  async function learnIn(collective: string, name: string): Promise<Result<AgentDdl | null>> {
    const first = new AbortController();
    const found = await options.discovery.discover({
      choice: { method: 'broadcast', options: {} },
      filter: allNodes,
      agent: name,
      collective,
      signal: first.signal,
      onNode: () => first.abort(),
    });
    if (!found.ok) return found;
    const [identity] = found.value.identities;
    if (identity === undefined) return ok(null);
    const plugins = await reader.askForPlugins(collective, identity);
    if (!plugins.ok) return plugins;
    const stored = await store.storePlugins(null, plugins.value, clock());
    if (!stored.ok) return stored;
    const known = plugins.value.find((ddl): ddl is AgentDdl => ddl.kind === 'agent' && ddl.name === name);
    return ok(known ?? null);
  }

  async function learn(name: string): Promise<Result<AgentDdl>> {
    for (const collective of options.collectives) {
      const learnt = await learnIn(collective, name);
      if (!learnt.ok) return learnt;
      if (learnt.value !== null) return ok(learnt.value);
    }
    return fail('agent.unknown', `No node of the fleet has an agent ${name}`, {
      mend: 'Check its name, and whether nodes are connected.',
    });
  }

  async function find(name: string): Promise<Result<AgentDdl>> {
    const known = await store.agentDdl(name);
    if (!known.ok) return known;
    const isCurrent =
      known.value !== null && (options.isFollowing() || clock() - known.value.learntAtMs < currentForMs);
    if (known.value !== null && isCurrent) return ok(known.value.ddl);
    const learnt = await learn(name);
    return !learnt.ok && known.value !== null ? ok(known.value.ddl) : learnt;
  }

  function versions(name: string, { identities, filter, within }: MeantNodes): Promise<Result<AgentVersions>> {
    const among = {
      identities,
      filter: filter === null ? null : printFilter(filter),
      within: printFilter(within),
    };
    return store.agentVersions(name, among, options.isFollowing() ? 0 : clock() - currentForMs);
  }

  return {
    find,
    versions,
    async findFor(name, among) {
      const known = await versions(name, among);
      if (!known.ok) return known;
      const [first, ...others] = known.value.versions.map(({ ddl }) => ddl);
      if (first !== undefined) return ok([first, ...others]);
      const found = await find(name);
      return found.ok ? ok([found.value]) : found;
    },
  };
}
