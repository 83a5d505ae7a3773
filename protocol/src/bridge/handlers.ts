import type { Result } from '../errors/index.ts';
import type { EndpointName, EndpointParams, EndpointResult, StreamItem, StreamName, StreamParams } from './contract.ts';

/** The engine's side of the contract: a missing handler does not compile. */
export type EndpointHandlers = {
  readonly [N in EndpointName]: (params: EndpointParams<N>) => Promise<Result<EndpointResult<N>>>;
};

/**
 * The engine's side of the streams. A source calls `emit` with the present state and on each change, until the function
 * that it returned is called.
 */
export type StreamSources = {
  readonly [N in StreamName]: (params: StreamParams<N>, emit: (item: StreamItem<N>) => void) => Result<() => void>;
};

type GuardName = Extract<EndpointName, `guard.${string}`>;
type GuardStream = Extract<StreamName, `guard.${string}`>;
type SetupName = Extract<EndpointName, `setup.${string}`>;
type SetupStream = Extract<StreamName, `setup.${string}`>;

/** What is answered while the console is locked, too. */
export type GuardHandlers = Pick<EndpointHandlers, GuardName>;
export type GuardSources = Pick<StreamSources, GuardStream>;

/** What is answered while there is no console yet. */
export type SetupHandlers = Pick<EndpointHandlers, SetupName>;
export type SetupSources = Pick<StreamSources, SetupStream>;

type ProfileName = Extract<EndpointName, `profiles.${string}`>;

/** What the host of a window answers rather than its console. */
export type ProfileHandlers = Pick<EndpointHandlers, ProfileName>;

/** What only an open console answers. */
export type EngineHandlers = Omit<EndpointHandlers, GuardName | SetupName | ProfileName>;
export type EngineSources = Omit<StreamSources, GuardStream | SetupStream>;
