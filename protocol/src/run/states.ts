import { outcomes } from '../messages/index.ts';

/**
 * Where one node stands in a run; every outcome of an answer is a state of the same name. The first five can still change; the
 * rest are final, but an answer that comes after all replaces a state that no answer brought.
 *
 * - `sent`: the broker has the request; `waiting`: the node is away, and may still get it until the deadline.
 * - `accepted`, `running`: the node says that it has the request, and that the action runs.
 * - `unknown_node`: the broker has no queue of that name; `undelivered`: the broker would not take the request.
 * - `unsealable`: the node has told no key to which the run's sensitive inputs could be sealed, so it was not asked.
 * - `cancelled`: the run was cancelled before the node's turn, or the node says that it let the request be.
 * - `skipped`: the run was stopped, by a person or by its own limits, or broke off before the node's turn.
 */
export const nodeStates = [
  'queued',
  'sent',
  'waiting',
  'accepted',
  'running',
  ...outcomes,
  'unknown_node',
  'undelivered',
  'unsealable',
  'skipped',
  'no_answer',
] as const;
export type NodeState = (typeof nodeStates)[number];

/**
 * Where a whole run stands. A `stopping` run asks no further node and waits for those that it has asked; it ends as `stopped`
 * (by its threshold or a person) or as `cancelled`. The last four are final.
 */
export const runStates = [
  'discovering',
  'running',
  'paused',
  'stopping',
  'finished',
  'stopped',
  'cancelled',
  'failed',
] as const;
export type RunState = (typeof runStates)[number];

/**
 * What a run waits for before it asks further nodes: its lock, word on its canary, a sleep, the broker, room on the disk. One that is paused
 * tells only of its canary, for to resume it is the word on that, too, and of the disk.
 */
export const runHolds = ['lock', 'canary', 'sleep', 'broker', 'storage'] as const;
export type RunHold = (typeof runHolds)[number];

/** How an answer relates to what was asked: on time, after the run had ended, or from a node that was not expected. */
export const arrivals = ['on_time', 'late', 'unexpected'] as const;
export type Arrival = (typeof arrivals)[number];
