import { nodeStateNames, type NodeState, type RunHold, type RunState } from '@muster/protocol/run';

/** What the state of a node means, in one sentence. */
const nodeStateHints: Readonly<Record<NodeState, string>> = {
  queued: 'Its turn has not come yet.',
  sent: 'The broker has the request; the node has said nothing yet.',
  waiting: 'The node is away. It gets the request when it comes back before the deadline.',
  accepted: 'The node has the request, and runs it as soon as it has room for it.',
  running: 'The action is running on the node.',
  ok: 'The action ran, and says that all went well.',
  failed: 'The action ran, and says that it failed.',
  refused: 'The node did not run it: not allowed there, or the node lacks the action.',
  invalid: 'The node did not run it: an input does not fit.',
  expired: 'The request came too late, so the node did not run it, and will not.',
  skewed: 'The node did not run it: its clock and that of this console differ too much.',
  timed_out: 'The action took longer than it may, so the node ended it.',
  interrupted: 'The agent stopped while the action ran. How far it came is not known; it is not run again.',
  cancelled: 'The run was cancelled: this node was not asked, did not begin the action, or ended it midway.',
  unknown_node: 'The broker knows no node of this name, so nobody has the request.',
  undelivered: 'The broker would not take the request in time, so the node never had it.',
  unsealable: 'The node has told no key for sensitive inputs, so it was not asked. It tells one when its agent starts.',
  skipped: 'The run was stopped before this node was asked.',
  no_answer: 'The node has said nothing. Whether it ran the action is not known; an answer that comes later is kept.',
};

const runStates: Readonly<Record<RunState, string>> = {
  discovering: 'Looking for nodes',
  running: 'Running',
  paused: 'Paused',
  stopping: 'Stopping',
  finished: 'Finished',
  stopped: 'Stopped',
  cancelled: 'Cancelled',
  failed: 'Failed',
};

/** What a run waits for, as its state. */
const runHolds: Readonly<Record<RunHold, string>> = {
  lock: 'Waits its turn',
  canary: 'Waits for you',
  sleep: 'Between batches',
  broker: 'Waits for broker',
  storage: 'Disk is full',
};

/** Texts of the states of runs, and of nodes in them. */
export const stateTexts = {
  nodeStates: nodeStateNames,
  nodeStateHints,
  runStates,
  runHolds,
  interruptedRun: 'Interrupted',
} as const;
