import type {
  ComparedNode,
  Comparison,
  DiscoveryMethod,
  EndpointParams,
  EndpointResult,
  ResultDetail,
  RunAction,
  RunAggregate,
  RunMarks,
  RunSummary,
} from '@muster/protocol/bridge';
import type { Result } from '@muster/protocol/errors';
import type { NodeState } from '@muster/protocol/run';
import type { NodeSet } from './fleet.ts';
import type { QueuedNotification } from './notices.ts';

/* Runs, from the order to the last answer. */

/** An answer as it is stored: its data is JSON text already. */
export type StoredAnswer = Omit<ResultDetail, 'data'> & { readonly data: string };

/** How the request to one node fares. */
export interface NodeDelivery {
  readonly identity: string;
  /** When the request was first published; null while the node's turn has not come. Copies have the same time. */
  readonly issuedAtMs: number | null;
  /** When a copy was published last. */
  readonly publishedAtMs: number | null;
  /** How many copies were published, or were about to be. */
  readonly copies: number;
  /** How many of them came back undelivered. */
  readonly returned: number;
  /** When the node last said that it has the request. */
  readonly noticedAtMs: number | null;
}

/** What is needed to go on with a run, beside its summary and its action. */
export interface StoredRunOrder {
  /** By which nodes can tell whether they are meant; null when some are named. */
  readonly filter: string | null;
  /** What the target means. */
  readonly resolved: Pick<NodeSet, 'identities' | 'filter' | 'within'>;
  readonly discoveryTimeoutMs: number | null;
  readonly delivery: 'automatic' | 'directed' | 'broadcast';
  /** The most that a node is waited for after it was asked, whatever it says; null where its limits decide. */
  readonly waitAtMostMs: number | null;
}

/** Where a run stands between its nodes. */
export interface RunProgress {
  /** How its nodes were found. */
  readonly method: DiscoveryMethod;
  /** Where the batch under way began, counted in nodes. */
  readonly batchFrom: number;
  /** When the pause between two batches ends; null when there is none. */
  readonly sleepUntilMs: number | null;
  readonly canaryPassed: boolean;
}

/** What is wanted of a run: that it goes on; that no further node is asked for now, or at all; that nodes let it be. */
export type RunWish = 'go' | 'pause' | 'stop' | 'cancel';

/** A message of a run as it was signed: what proves who asked what, and what a node answered. */
export interface SignedMessage {
  readonly kind: 'request' | 'reply';
  /** The node that was asked, or that answered; null for a request to all that a filter matches. */
  readonly identity: string | null;
  /** The whole frame, in a buffer of its own. */
  readonly frame: Uint8Array;
}

/** Everything about one run that changed since it was written last; stored as one, or not at all. */
export interface RunChanges {
  readonly summary: RunSummary;
  /** Nodes that are asked, in this order; they begin as `queued`. */
  readonly expected?: readonly string[];
  readonly deliveries?: readonly NodeDelivery[];
  /** All nodes in one of `from` go to `to`. */
  readonly moves?: readonly { readonly from: readonly NodeState[]; readonly to: NodeState }[];
  readonly states?: readonly { readonly identity: string; readonly state: NodeState }[];
  readonly answers?: readonly StoredAnswer[];
  /** The first of each kind and node is kept. */
  readonly signed?: readonly SignedMessage[];
  readonly progress?: RunProgress;
  /** Until when nodes may still answer; null when none can. */
  readonly answersUntilMs?: number | null;
  /** What receivers are to be told of it. */
  readonly notifications?: readonly QueuedNotification[];
}

export interface RunWriter {
  /** Stores a new run; `consoleId` says which engine looks after it. A run without `kept` cannot go on in another. */
  insertRun(
    summary: RunSummary,
    consoleId: string,
    described?: RunAction,
    kept?: { readonly order: StoredRunOrder; readonly secrets: string | null },
  ): Promise<Result<void>>;
  /** Secrets of a run that is final are wiped. Errors: `run.taken` when the console does not look after it any more. */
  recordRun(changes: RunChanges, consoleId: string): Promise<Result<void>>;
}

/** A node of a run with what only its conductor needs. */
export interface StoredRunNode extends NodeDelivery {
  readonly state: NodeState;
  readonly answered: boolean;
}

/** A run as its next conductor finds it. */
export interface ClaimedRun {
  readonly summary: RunSummary;
  readonly wanted: WantedOfRun;
  readonly described: RunAction;
  readonly order: StoredRunOrder;
  /** Sensitive inputs, sealed. */
  readonly secrets: string | null;
  /** Null while its nodes are not known. */
  readonly progress: RunProgress | null;
  readonly answersUntilMs: number | null;
  /** Those that were expected, in order of their turns. */
  readonly nodes: readonly StoredRunNode[];
  /** Those that answered without being expected. */
  readonly strangers: readonly string[];
}

/** What is wanted of a run, and whether a person let it go on after its canary. */
export interface WantedOfRun {
  readonly wish: RunWish;
  readonly isReleased: boolean;
}

/** What happened to a run since a revision. */
export interface RunNews {
  readonly summary: RunSummary;
  readonly revision: number;
  readonly answers: readonly ResultDetail[];
}

/** Runs that outlive their console. One console conducts each; a console that is gone (see {@link ConsoleBook}) has lost its own. */
export interface RunKeeper {
  /**
   * Makes the console its conductor. Errors: `run.unknown`, `run.taken`, `run.ended` when it is final and no node can answer any more,
   * `run.interrupted` for one from before runs could go on.
   */
  claimRun(runId: string, consoleId: string, nowMs: number): Promise<Result<ClaimedRun>>;
  releaseRun(runId: string, consoleId: string): Promise<Result<void>>;
  /** Tells whoever conducts it what is wanted. Errors: `run.unknown`, `run.ended`; also for less than what was wanted before. */
  wishRun(runId: string, wish: RunWish): Promise<Result<RunSummary>>;
  wantedOfRun(runId: string): Promise<Result<WantedOfRun>>;
  /** Runs that could go on or get answers, and that nobody conducts. */
  abandonedRuns(nowMs: number): Promise<Result<string[]>>;
  /** With the answers that were stored after that revision. Errors: `run.unknown`. */
  newsOfRun(runId: string, sinceRevision: number): Promise<Result<RunNews>>;
}

/** The history of runs, and what people have put on them. */
export interface RunHistory {
  listRuns(params: EndpointParams<'runs.list'>): Promise<Result<EndpointResult<'runs.list'>>>;
  runChoices(): Promise<Result<Omit<EndpointResult<'runs.choices'>, 'keepMs'>>>;
  /** Errors here: `run.unknown`. */
  runMarks(runId: string): Promise<Result<RunMarks>>;
  annotateRun(runId: string, person: string, text: string, nowMs: number): Promise<Result<RunMarks>>;
  removeRunNote(runId: string, noteId: number): Promise<Result<RunMarks>>;
  /** All or none; `person` null takes the pins away. */
  pinRuns(runIds: readonly string[], person: string | null, nowMs: number): Promise<Result<void>>;
  /** Takes runs out of every list and look-up; pinned ones and those that have not ended stay. */
  removeRuns(runIds: readonly string[], nowMs: number): Promise<Result<EndpointResult<'runs.remove'>>>;
  /** Gives those that were removed and are back. */
  restoreRuns(runIds: readonly string[]): Promise<Result<string[]>>;
  /** Deletes the run for good that was removed first, and before a time, and that gets no answer any more; whether there was one. */
  deleteRemovedRun(beforeMs: number, nowMs: number): Promise<Result<boolean>>;
}

/** Two runs, node by node. Errors: `run.unknown`. */
export interface ComparisonReader {
  compareRuns(params: EndpointParams<'comparisons.get'>): Promise<Result<Comparison>>;
  comparedNodes(params: EndpointParams<'comparisons.nodes'>): Promise<Result<EndpointResult<'comparisons.nodes'>>>;
  /** Nodes by name, behind the last one of the page before. */
  comparisonPage(
    params: Omit<EndpointParams<'comparisons.nodes'>, 'offset'> & { readonly behind: string },
  ): Promise<Result<ComparedNode[]>>;
  comparisonPartners(runId: string): Promise<Result<EndpointResult<'comparisons.partners'>['partners']>>;
}

export interface RunReader {
  getRun(runId: string): Promise<Result<RunSummary>>;
  listResults(params: EndpointParams<'runs.results'>): Promise<Result<EndpointResult<'runs.results'>>>;
  listResultNodes(params: EndpointParams<'runs.resultNodes'>): Promise<Result<EndpointResult<'runs.resultNodes'>>>;
  getResult(runId: string, identity: string): Promise<Result<ResultDetail>>;
  getRunAction(runId: string): Promise<Result<RunAction | null>>;
  summariseRun(runId: string): Promise<Result<RunAggregate[]>>;
  groupAnswers(params: EndpointParams<'runs.groups'>): Promise<Result<EndpointResult<'runs.groups'>>>;
  groupNodes(params: EndpointParams<'runs.groupNodes'>): Promise<Result<string[]>>;
  packageUpdates(params: EndpointParams<'software.updates'>): Promise<Result<EndpointResult<'software.updates'>>>;
  updateNodes(params: EndpointParams<'software.updateNodes'>): Promise<Result<string[]>>;
}

export interface RunArchive {
  /** Moves the oldest run that had ended before a time, and whose nodes cannot answer any more, into the folder; whether there was one. */
  archiveOldestRun(folder: string, beforeMs: number, nowMs: number): Promise<Result<boolean>>;
  /** How many runs that would move. */
  countArchivable(beforeMs: number, nowMs: number): Promise<Result<number>>;
  runFigures(): Promise<Result<RunFigures>>;
}

/** How much of history there is in the database. */
export interface RunFigures {
  readonly runs: number;
  /** When the oldest began; null without runs. */
  readonly oldestMs: number | null;
  /** Of the database with its log, on the disk. */
  readonly bytes: number;
}
