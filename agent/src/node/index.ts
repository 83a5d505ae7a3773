export { createClassStore, type ClassStore } from './classes.ts';
export type { NodeView } from './node.ts';
export { newCounters, type Counters } from './statistics.ts';
