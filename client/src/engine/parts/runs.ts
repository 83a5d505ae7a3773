import type {
  EndpointParams,
  EndpointResult,
  ResultDetail,
  RunAction,
  RunAggregate,
  RunOrder,
  RunSummary,
} from '@muster/protocol/bridge';
import type { Result } from '@muster/protocol/errors';
import type { ResolvedTarget } from '../../presets/index.ts';
import type { Stop } from '../engine.ts';
import type { Discovered } from './discovery.ts';

/** A run as the engine's callers order it: what the window can say, and what only callers in the same process need. */
export type EngineRunOrder = RunOrder & {
  /** Nodes that were discovered already, with the filter of the target and the agent: no second discovery. */
  readonly discovered?: Discovered;
  /** What the target meant when they were discovered; looked up when absent. */
  readonly resolved?: ResolvedTarget;
  /**
   * `automatic` sends one broadcast when more than the threshold of nodes was discovered by a filter, and else one
   * request to each; `directed` always sends one to each, `broadcast` never where a broadcast is possible. Default `automatic`. Lists of nodes, limits, batches, and nodes
   * found in another way than by a broadcast are always `directed`.
   */
  readonly delivery?: 'automatic' | 'directed' | 'broadcast';
  readonly watch?: RunWatch;
};

export interface RunWatch {
  /** Called with each new summary, many answers at a time; the last call has a final state. While discovering, `expected` counts the nodes found. */
  readonly onChange?: (summary: RunSummary) => void;
  /** Called once for each answer as it arrives; by {@link Runs.attach} and {@link Runs.follow} also for those that have arrived before. */
  readonly onResult?: (result: ResultDetail) => void;
}

export interface StartedRun {
  readonly runId: string;
  /**
   * Resolves with the final summary once everything that arrived is stored, whichever console conducts the run; never rejects. Look at
   * `state` and `fault`. When the engine closes first, with the summary as it stands: `finishedAtMs` is null, and another console goes on.
   */
  readonly finished: Promise<RunSummary>;
}

export interface Runs {
  /**
   * Stores a run and sets it going; resolves before discovery has begun.
   *
   * Errors: `filter.*`, `agent.unknown`, `request.unknown_action`, `request.invalid_input`, `broker.*`, `storage.*`.
   * What goes wrong later is the run's `fault`: `run.no_targets` when nothing was discovered.
   */
  start(order: EngineRunOrder): Promise<Result<StartedRun>>;
  /**
   * Conducts a run that no console conducts, or else follows it; of a final one takes the answers that came since. Errors: `run.unknown`,
   * `run.interrupted` for one that an earlier version left behind.
   */
  attach(runId: string, watch?: RunWatch): Promise<Result<StartedRun>>;
  /** As {@link attach}, and never conducts: resolves when another console has brought the run to its end. Needs no broker. Errors: `run.unknown`. */
  follow(runId: string, watch?: RunWatch): Promise<Result<StartedRun>>;
  /** Whether this engine conducts a run now; when it closes, another console has to go on with it. */
  conducts(runId: string): boolean;
  /** Summaries of one run, from now on, whichever console conducts it. */
  onChange(runId: string, listener: (summary: RunSummary) => void): Stop;
  list(params: EndpointParams<'runs.list'>): Promise<Result<EndpointResult<'runs.list'>>>;
  /** Errors: `run.unknown`. */
  get(runId: string): Promise<Result<RunSummary>>;
  /** Asks no further node until the run is resumed, whichever console conducts it. Errors of these: `run.unknown`, `run.ended`. */
  pause(runId: string): Promise<Result<RunSummary>>;
  /**
   * Goes on after a pause, and after a canary whose hold the summary tells, also while it is paused. This engine conducts the run when no other does, here
   * and in the two that follow; {@link attach} waits for its end. Another console that conducts it obeys within about a second.
   */
  resume(runId: string): Promise<Result<RunSummary>>;
  /** Asks no further node, which makes them `skipped`; those that were asked may finish. */
  stop(runId: string): Promise<Result<RunSummary>>;
  /** Asks no further node, which makes them `cancelled`, and asks those that have the request to let it be. */
  cancel(runId: string): Promise<Result<RunSummary>>;
  results(params: EndpointParams<'runs.results'>): Promise<Result<EndpointResult<'runs.results'>>>;
  resultNodes(params: EndpointParams<'runs.resultNodes'>): Promise<Result<EndpointResult<'runs.resultNodes'>>>;
  /** Errors: `run.unknown`, `node.unknown` when the node has no part in the run. */
  result(runId: string, identity: string): Promise<Result<ResultDetail>>;
  /** The action as it was described when the run started; null for runs from before that was kept. Errors: `run.unknown`; so below. */
  action(runId: string): Promise<Result<RunAction | null>>;
  /** The aggregates of the action over all answers that are stored. */
  summaries(runId: string): Promise<Result<readonly RunAggregate[]>>;
  groups(params: EndpointParams<'runs.groups'>): Promise<Result<EndpointResult<'runs.groups'>>>;
  groupNodes(params: EndpointParams<'runs.groupNodes'>): Promise<Result<readonly string[]>>;
  /** What a run of `package checkupdates` has found, by package. */
  updates(params: EndpointParams<'software.updates'>): Promise<Result<EndpointResult<'software.updates'>>>;
  updateNodes(params: EndpointParams<'software.updateNodes'>): Promise<Result<readonly string[]>>;
}

/** What is asked of nodes without a run. */
export interface Question {
  readonly agent: string;
  /** One that only reads. */
  readonly action: string;
  readonly inputs: RunOrder['inputs'];
  readonly identities: readonly string[];
  /** Default: the first collective of the configuration. */
  readonly collective?: string;
  /** How long to wait for answers, in milliseconds. */
  readonly timeoutMs: number;
  readonly onAnswer: (
    answer: Pick<ResultDetail, 'identity' | 'outcome' | 'statusCode' | 'statusMessage' | 'data'>,
  ) => void;
  /** Ends the waiting early. */
  readonly signal?: AbortSignal;
}
