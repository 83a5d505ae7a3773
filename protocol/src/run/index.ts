export { arrivals, nodeStates, runStates, type Arrival, type NodeState, type RunState } from './states.ts';
