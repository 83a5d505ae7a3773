import { outcomes } from '../messages/index.ts';

/** Where one node stands in a run; every outcome of an answer is a state of the same name. The first four can still change; the rest are final, but for a `late` answer to `no_answer`. */
export const nodeStates = ['queued', 'sent', 'accepted', 'running', ...outcomes, 'unknown_node', 'no_answer'] as const;
export type NodeState = (typeof nodeStates)[number];

/** Where a whole run stands. */
export const runStates = ['discovering', 'running', 'finished', 'failed'] as const;
export type RunState = (typeof runStates)[number];

/** How an answer relates to what was asked: on time, after the run had ended, or from a node that was not expected. */
export const arrivals = ['on_time', 'late', 'unexpected'] as const;
export type Arrival = (typeof arrivals)[number];
