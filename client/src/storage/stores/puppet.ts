import type {
  EndpointParams,
  EndpointResult,
  PuppetFigures,
  PuppetNode,
  RunallNode,
  RunallSummary,
} from '@muster/protocol/bridge';
import type { Result } from '@muster/protocol/errors';
import type { QueuedNotification } from './notices.ts';

/* Puppet on the fleet, and its runalls. */

/** Something about Puppet on a node. `problem` says why there was no answer; a status takes it back. */
export interface PuppetNews {
  readonly identity: string;
  readonly atMs: number;
  readonly status?: Pick<PuppetNode, 'state' | 'applying' | 'daemonPresent' | 'disableMessage' | 'lastRunAtMs'>;
  readonly run?: PuppetNode['run'];
  readonly problem?: string;
}

export interface PuppetStore {
  notePuppet(news: readonly PuppetNews[]): Promise<Result<void>>;
  /** The whole fleet was asked. */
  notePuppetRefresh(nowMs: number): Promise<Result<void>>;
  puppetOverview(params: EndpointParams<'puppet.overview'>): Promise<Result<EndpointResult<'puppet.overview'>>>;
  puppetFigures(filter: string, nowMs: number): Promise<Result<PuppetFigures>>;
  /** Grows with each change of the overview or of runalls, also of other processes. */
  puppetRevision(): Promise<Result<number>>;
}

/** A node of a runall with what only its conductor needs. */
export interface StoredRunallNode extends RunallNode {
  /** Its place in the queue. */
  readonly turn: number;
  /** The request that asked it to run, stored before it is sent. */
  readonly requestId: string | null;
  /** When the node says that its run was started, in seconds by its own clock. */
  readonly initiatedAt: number | null;
}

export type RunallWish = 'go' | 'pause' | 'cancel';

/** What changed in a runall; stored as one, or not at all. */
export interface RunallChanges {
  readonly summary: RunallSummary;
  readonly nodes: readonly StoredRunallNode[];
  /** These nodes instead of all that were stored: a new iteration. */
  readonly anew?: boolean;
  /** What receivers are to be told of it. */
  readonly notifications?: readonly QueuedNotification[];
}

/** A runall as its next conductor finds it. */
export interface ClaimedRunall {
  readonly summary: RunallSummary;
  readonly wish: RunallWish;
  /** In order of their turns. */
  readonly nodes: readonly StoredRunallNode[];
}

/** Runalls. One console conducts each; a console that is gone (see {@link ConsoleBook}) has lost its own. */
export interface RunallStore {
  insertRunall(summary: RunallSummary, consoleId: string): Promise<Result<void>>;
  /** The new revision. Errors: `runall.taken` when the console does not conduct it any more. */
  recordRunall(changes: RunallChanges, consoleId: string): Promise<Result<number>>;
  /** Makes the console its conductor. Errors: `runall.unknown`, `runall.ended`, `runall.taken`. */
  claimRunall(runallId: string, consoleId: string): Promise<Result<ClaimedRunall>>;
  releaseRunall(runallId: string, consoleId: string): Promise<Result<void>>;
  /** Tells whoever conducts it what is wanted. Errors: `runall.unknown`, `runall.ended`; also for one that is being cancelled. */
  wishRunall(runallId: string, wish: RunallWish): Promise<Result<RunallSummary>>;
  runallWish(runallId: string): Promise<Result<RunallWish>>;
  listRunalls(params: EndpointParams<'runalls.list'>): Promise<Result<EndpointResult<'runalls.list'>>>;
  getRunall(runallId: string): Promise<Result<RunallSummary>>;
  listRunallNodes(params: EndpointParams<'runalls.nodes'>): Promise<Result<EndpointResult<'runalls.nodes'>>>;
}
