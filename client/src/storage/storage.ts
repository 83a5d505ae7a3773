import type {
  Counted,
  EndpointParams,
  EndpointResult,
  FleetAgent,
  NodeDetail,
  ResultDetail,
  RunSummary,
} from '@muster/protocol/bridge';
import type { AgentDdl } from '@muster/protocol/ddl';
import type { Result } from '@muster/protocol/errors';
import type { Registration } from '@muster/protocol/messages';
import type { NodeState } from '@muster/protocol/run';

/* What the engine asks of its memory. All calls may fail with `storage.failed`, `storage.corrupt` and `storage.full`. */

/** An answer as it is stored: its data is JSON text already. */
export type StoredAnswer = Omit<ResultDetail, 'data'> & { readonly data: string };

/** Everything about one run that changed since it was written last; stored as one, or not at all. */
export interface RunChanges {
  readonly summary: RunSummary;
  /** Nodes that are asked; they begin as `queued`. */
  readonly expected?: readonly string[];
  /** All nodes in one of `from` go to `to`. */
  readonly moves?: readonly { readonly from: readonly NodeState[]; readonly to: NodeState }[];
  readonly states?: readonly { readonly identity: string; readonly state: NodeState }[];
  readonly answers?: readonly StoredAnswer[];
}

export interface RunWriter {
  /** Stores a new run; `consoleId` says which engine looks after it. */
  insertRun(summary: RunSummary, consoleId: string): Promise<Result<void>>;
  recordRun(changes: RunChanges): Promise<Result<void>>;
}

export interface RunReader {
  listRuns(params: EndpointParams<'runs.list'>): Promise<Result<EndpointResult<'runs.list'>>>;
  getRun(runId: string): Promise<Result<RunSummary>>;
  listResults(params: EndpointParams<'runs.results'>): Promise<Result<EndpointResult<'runs.results'>>>;
  getResult(runId: string, identity: string): Promise<Result<ResultDetail>>;
}

/** Which engines are alive on this database, so that runs of dead ones can be closed. */
export interface ConsoleBook {
  /** Says that this engine is alive, and closes the runs of those that are not; gives how many runs it closed. */
  beat(consoleId: string, nowMs: number): Promise<Result<number>>;
  forgetConsole(consoleId: string): Promise<Result<void>>;
}

export type Digests = Registration['digests'];

/** What a message from a node tells by itself. */
export interface SignOfLife {
  readonly identity: string;
  readonly atMs: number;
  readonly agentVersion?: string;
  readonly clockSkewMs?: number;
  readonly digests?: Digests;
}

/** All that was read from a node. */
export interface ReadNode {
  readonly identity: string;
  readonly atMs: number;
  readonly agentVersion: string;
  readonly clockSkewMs: number;
  readonly digests: Digests;
  readonly collectives: readonly string[];
  readonly facts: Readonly<Record<string, unknown>>;
  readonly classes: readonly string[];
  readonly agents: readonly string[];
}

export interface InventoryWriter {
  noteSigns(signs: readonly SignOfLife[]): Promise<Result<void>>;
  storeNodes(nodes: readonly ReadNode[]): Promise<Result<void>>;
  /** The agents that all nodes with this digest of agents have. */
  storeAgents(digest: string | null, ddls: readonly AgentDdl[], nowMs: number): Promise<Result<void>>;
  /** The whole fleet was looked for, and is known. */
  noteSweep(nowMs: number): Promise<Result<void>>;
}

export interface InventoryReader {
  countNodes(filter: string): Promise<Result<{ matching: number; total: number }>>;
  listNodes(params: EndpointParams<'fleet.list'>): Promise<Result<EndpointResult<'fleet.list'>>>;
  identitiesMatching(filter: string): Promise<Result<string[]>>;
  getNode(identity: string): Promise<Result<NodeDetail>>;
  factPaths(): Promise<Result<Counted[]>>;
  factValues(path: string, limit: number): Promise<Result<{ values: Counted[]; distinct: number }>>;
  classes(): Promise<Result<Counted[]>>;
  agents(): Promise<Result<FleetAgent[]>>;
  /** The DDL learnt last, and when. */
  agentDdl(name: string): Promise<Result<{ ddl: AgentDdl; learntAtMs: number } | null>>;
  /** Nodes whose digests differ from what was read of them. */
  staleNodes(): Promise<Result<string[]>>;
  /** Digests of agents whose DDLs are unknown, each with up to three nodes that can tell. */
  unknownAgents(): Promise<Result<{ digest: string; identities: string[] }[]>>;
  /** When the whole fleet was looked for last; null = never. */
  lastSweep(): Promise<Result<number | null>>;
  fleetRevision(): Promise<Result<{ total: number; revision: number }>>;
}

export interface PreferenceStore {
  getPreference(key: string): Promise<Result<EndpointResult<'preferences.get'>['value']>>;
  setPreference(key: string, value: EndpointParams<'preferences.set'>['value']): Promise<Result<void>>;
}

export interface Storage extends RunWriter, RunReader, ConsoleBook, InventoryWriter, InventoryReader, PreferenceStore {
  /** Finishes what was asked, then closes the file. */
  close(): Promise<void>;
}
