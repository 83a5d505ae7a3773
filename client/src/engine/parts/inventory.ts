import type {
  AgentVersions,
  Counted,
  EndpointParams,
  EndpointResult,
  Facet,
  FactPath,
  FleetAgent,
  FleetDataPlugin,
  MatchCount,
  NodeDetail,
} from '@muster/protocol/bridge';
import type { AgentDdl } from '@muster/protocol/ddl';
import type { Result } from '@muster/protocol/errors';
import type { ResolvedTarget } from '../../presets/index.ts';
import type { Stop } from '../engine.ts';

export interface FleetRevision {
  readonly total: number;
  /** Grows with each change. */
  readonly revision: number;
}

/** Which nodes a target means, once it has been looked up. */
export type MeantNodes = Pick<ResolvedTarget, 'identities' | 'filter' | 'within'>;

/** The console's own cache of the fleet. */
export interface Inventory {
  /** Errors: those of the filter. With data plugins in it, see `needsFleet`. */
  count(filter: string): Promise<Result<MatchCount>>;
  list(params: EndpointParams<'fleet.list'>): Promise<Result<EndpointResult<'fleet.list'>>>;
  /** Identities that match, sorted. Errors: those of the filter, `filter.needs_fleet` when it asks data plugins. */
  identities(filter: string): Promise<Result<readonly string[]>>;
  /** Errors: `node.unknown`. */
  node(identity: string): Promise<Result<NodeDetail>>;
  factPaths(): Promise<Result<readonly FactPath[]>>;
  /** The filter says among which nodes values are counted; default: all. So it does below. */
  factValues(path: string, limit: number, filter?: string): Promise<Result<Facet>>;
  classes(filter?: string): Promise<Result<readonly Counted[]>>;
  collectives(filter?: string): Promise<Result<readonly Counted[]>>;
  facets(params: EndpointParams<'fleet.facets'>): Promise<Result<EndpointResult<'fleet.facets'>>>;
  /** Finds names of nodes in a text that somebody pasted. */
  resolve(text: string): Promise<Result<EndpointResult<'fleet.resolve'>>>;
  /** The agents that are known, with how many nodes have each. */
  agents(): Promise<Result<readonly FleetAgent[]>>;
  /** The data plugins that are known, with how many nodes have each version. */
  dataPlugins(): Promise<Result<readonly FleetDataPlugin[]>>;
  /** The DDL of one agent, learnt from the fleet when it is not known yet. Errors: `agent.unknown`, `broker.*`. */
  agent(name: string): Promise<Result<AgentDdl>>;
  /** The versions of an agent that the nodes of a target have. Errors: those of the filter. */
  agentVersions(name: string, among: MeantNodes): Promise<Result<AgentVersions>>;
  /** The DDLs of an agent that the nodes of a target have, those of most nodes first; where that is not known, what `agent` gives. */
  agentsFor(name: string, among: MeantNodes): Promise<Result<readonly [AgentDdl, ...AgentDdl[]]>>;
  /** Looks for the whole fleet and reads what changed. `updated` nodes were read anew. */
  refresh(): Promise<Result<{ nodes: number; updated: number }>>;
  /** How much is known now. */
  revision(): Promise<Result<FleetRevision>>;
  /** Told when nodes come, go or change, from now on. */
  onChange(listener: (revision: FleetRevision) => void): Stop;
}
