import type {
  EndpointParams,
  EndpointResult,
  PuppetFigures,
  RunallOrder,
  RunallSummary,
  Target,
} from '@muster/protocol/bridge';
import type { Result } from '@muster/protocol/errors';
import type { Stop } from '../engine.ts';
import type { Discovered } from './discovery.ts';

/** Puppet on the fleet at a glance. */
export interface Puppet {
  overview(params: EndpointParams<'puppet.overview'>): Promise<Result<EndpointResult<'puppet.overview'>>>;
  /** The last runs of the nodes that match, as numbers to draw. */
  figures(filter: string): Promise<Result<PuppetFigures>>;
  /** Asks nodes anew: all that have the agent, or those of a target. */
  refresh(target: Target | undefined): Promise<Result<EndpointResult<'puppet.refresh'>>>;
  /** Grows with each change of the overview or of runalls. */
  revision(): Promise<Result<number>>;
  /** Told of each new revision, from now on; of what other processes change within some seconds. */
  onChange(listener: (revision: number) => void): Stop;
}

/** A runall as the engine's callers order it. */
export type EngineRunallOrder = RunallOrder & {
  /** Nodes with Puppet that were discovered already, for the first iteration. */
  readonly discovered?: Discovered;
};

/** Puppet on many nodes, never more than some at once. See `runalls.*` of the window's contract for the faults. */
export interface Runalls {
  /** `ended` resolves when it has ended or this engine does not conduct it any more; look at `state`. It never rejects. */
  start(order: EngineRunallOrder): Promise<Result<{ runallId: string; ended: Promise<RunallSummary> }>>;
  list(params: EndpointParams<'runalls.list'>): Promise<Result<EndpointResult<'runalls.list'>>>;
  get(runallId: string): Promise<Result<RunallSummary>>;
  nodes(params: EndpointParams<'runalls.nodes'>): Promise<Result<EndpointResult<'runalls.nodes'>>>;
  pause(runallId: string): Promise<Result<RunallSummary>>;
  /** Goes on; this engine conducts it when no other does. */
  resume(runallId: string): Promise<Result<RunallSummary>>;
  /** This engine follows those that run to their end when no other conducts it. */
  cancel(runallId: string): Promise<Result<RunallSummary>>;
  /** Summaries of one runall, from now on, whoever conducts it. */
  onChange(runallId: string, listener: (summary: RunallSummary) => void): Stop;
}
