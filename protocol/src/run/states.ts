import { outcomes, type Outcome } from '../messages/index.ts';

/** Where one node stands in a run. The first four can still change; the rest are final, but for a `late` answer to `no_answer`. */
export const nodeStates = ['queued', 'sent', 'accepted', 'running', ...outcomes, 'unknown_node', 'no_answer'] as const;
export type NodeState = (typeof nodeStates)[number];

/** Where a node's answer leaves it: every outcome is a state of the same name. */
export const stateOf = (outcome: Outcome): NodeState => outcome;

/** Where a whole run stands. */
export const runStates = ['discovering', 'running', 'finished', 'failed'] as const;
export type RunState = (typeof runStates)[number];

/** How an answer relates to what was asked: on time, after the run had ended, or from a node that was not expected. */
export const arrivals = ['on_time', 'late', 'unexpected'] as const;
export type Arrival = (typeof arrivals)[number];
