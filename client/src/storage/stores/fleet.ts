import type {
  AgentVersions,
  Counted,
  EndpointParams,
  EndpointResult,
  Facet,
  FactDifference,
  FactPath,
  FleetAgent,
  FleetDataPlugin,
  FleetHealth,
  MatchCount,
  NodeComparison,
  NodeDetail,
  RefusedRun,
} from '@muster/protocol/bridge';
import type { AgentDdl, PluginDdl } from '@muster/protocol/ddl';
import type { Result } from '@muster/protocol/errors';
import type { Registration } from '@muster/protocol/messages';

/* The inventory: what nodes say of themselves. */

export type Digests = Registration['digests'];

/** What a message from a node tells by itself. */
export interface SignOfLife {
  readonly identity: string;
  readonly atMs: number;
  readonly agentVersion?: string;
  readonly clockSkewMs?: number;
  /** How long a registration holds, in milliseconds. */
  readonly heardWithinMs?: number;
  /** It said that it stops. */
  readonly hasStopped?: boolean;
  /** Until when the certificate holds that signed it. */
  readonly certificateUntilMs?: number;
  readonly digests?: Digests;
  readonly recipient?: Omit<AnnouncedRecipient, 'identity'>;
}

/** All that was read from a node. */
export interface ReadNode {
  readonly identity: string;
  readonly atMs: number;
  readonly agentVersion: string;
  readonly clockSkewMs: number;
  readonly certificateUntilMs?: number;
  readonly digests: Digests;
  readonly collectives: readonly string[];
  readonly facts: Readonly<Record<string, unknown>>;
  readonly classes: readonly string[];
  readonly agents: readonly string[];
}

export interface InventoryWriter {
  noteSigns(signs: readonly SignOfLife[]): Promise<Result<void>>;
  storeNodes(nodes: readonly ReadNode[]): Promise<Result<void>>;
  /** The agents and data plugins that all nodes with this digest of agents have. */
  storePlugins(digest: string | null, ddls: readonly PluginDdl[], nowMs: number): Promise<Result<void>>;
  /** The whole fleet was looked for, and is known. */
  noteSweep(nowMs: number): Promise<Result<void>>;
}

/** To what sensitive inputs for a node are sealed, as the node said it in a signed message. */
export interface AnnouncedRecipient {
  readonly identity: string;
  /** `age1…`. */
  readonly recipient: string;
  /** By the node's clock. */
  readonly announcedAtMs: number;
}

export interface RecipientStore {
  /** What a node said before what is known of it already is passed over. */
  noteRecipients(announced: readonly AnnouncedRecipient[]): Promise<Result<void>>;
  /** Those that are known. */
  recipientsOf(identities: readonly string[]): Promise<Result<{ identity: string; recipient: string }[]>>;
  forgetRecipient(identity: string): Promise<Result<void>>;
}

/** Nodes as a target means them. */
export interface NodeSet {
  /** Those that are named. */
  readonly identities: readonly string[];
  /** Who else is meant; null for nobody. */
  readonly filter: string | null;
  /** What every node has to match besides, the named ones too; empty for nothing. */
  readonly within: string;
}

export interface InventoryReader {
  countNodes(filter: string): Promise<Result<MatchCount>>;
  listNodes(params: EndpointParams<'fleet.list'>): Promise<Result<EndpointResult<'fleet.list'>>>;
  /** Errors: `filter.needs_fleet` where only the nodes can tell. */
  identitiesMatching(filter: string): Promise<Result<string[]>>;
  /** Those of the names that nodes of the inventory have. */
  knownIdentities(identities: readonly string[]): Promise<Result<string[]>>;
  getNode(identity: string): Promise<Result<NodeDetail>>;
  factPaths(): Promise<Result<FactPath[]>>;
  factValues(path: string, limit: number, filter: string): Promise<Result<Facet>>;
  classes(filter: string): Promise<Result<Counted[]>>;
  collectives(filter: string): Promise<Result<Counted[]>>;
  facets(params: EndpointParams<'fleet.facets'>): Promise<Result<EndpointResult<'fleet.facets'>>>;
  agents(): Promise<Result<FleetAgent[]>>;
  dataPlugins(): Promise<Result<FleetDataPlugin[]>>;
  /** Versions of an agent among some nodes; what nodes said before `seenSinceMs` is not believed any more. Errors: those of the filters. */
  agentVersions(name: string, among: NodeSet, seenSinceMs: number): Promise<Result<AgentVersions>>;
  /** The DDL learnt last, and when. */
  agentDdl(name: string): Promise<Result<{ ddl: AgentDdl; learntAtMs: number } | null>>;
  /** Nodes whose digests differ from what was read of them, those that are stored side by side in a row. */
  staleNodes(): Promise<Result<string[]>>;
  /** Digests of agents whose DDLs are unknown, each with up to three nodes that can tell. */
  unknownAgents(): Promise<Result<{ digest: string; identities: string[] }[]>>;
  /** When the whole fleet was looked for last; null = never. */
  lastSweep(): Promise<Result<number | null>>;
  fleetRevision(): Promise<Result<{ total: number; revision: number }>>;
}

/** How the fleet does. */
export interface HealthReader {
  /** Nodes are judged as of that moment. */
  fleetHealth(asOfMs: number): Promise<Result<FleetHealth>>;
  healthNodes(params: EndpointParams<'health.nodes'>): Promise<Result<EndpointResult<'health.nodes'>>>;
  healthIdentities(params: EndpointParams<'health.identities'>): Promise<Result<string[]>>;
  /** Runs since then in which nodes refused, the newest 20 of them, and in how many nodes of all of them that was. */
  refusedRuns(sinceMs: number): Promise<Result<{ nodes: number; runs: RefusedRun[] }>>;
}

/** The certificate that signed an answer. */
export interface SignedAnswer {
  readonly fingerprint: string;
  /** When the answer came. */
  readonly seenAtMs: number | null;
  /** The certificate, where it was kept. */
  readonly der: Uint8Array | null;
}

/** What became of nodes, and what they differ in. */
export interface FactHistory {
  factChanges(identity: string): Promise<Result<EndpointResult<'nodes.factChanges'>>>;
  factDifference(identity: string, fromMs: number, toMs: number): Promise<Result<FactDifference[]>>;
  /** Errors: `node.unknown`. */
  compareNodes(first: string, second: string): Promise<Result<NodeComparison>>;
  /** Of the node's last answer in any run that is here. */
  lastSignedBy(identity: string): Promise<Result<SignedAnswer | null>>;
}
