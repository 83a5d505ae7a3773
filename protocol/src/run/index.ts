export { arrivals, nodeStates, runStates, stateOf, type Arrival, type NodeState, type RunState } from './states.ts';
