export {
  arrivals,
  nodeStates,
  runHolds,
  runStates,
  type Arrival,
  type NodeState,
  type RunHold,
  type RunState,
} from './states.ts';
export { nodeStateNames } from './state-names.ts';
