export { createBridgeClient, type BridgeClient, type Pause, type Transport } from './client.ts';
export {
  endpoints,
  streams,
  type EndpointName,
  type EndpointParams,
  type EndpointResult,
  type StreamItem,
  type StreamName,
  type StreamParams,
} from './contract.ts';
export { callNames, createDispatcher, type Dispatcher } from './dispatcher.ts';
export type { EndpointHandlers, StreamSources } from './handlers.ts';
export type {
  ConnectionShape,
  Counted,
  FleetAgent,
  NodeDetail,
  NodeRow,
  ResultDetail,
  ResultRow,
  RunOrder,
  RunSummary,
  SessionShape,
  Target,
} from './shapes.ts';
export type { StartTimer } from './stream-book.ts';
