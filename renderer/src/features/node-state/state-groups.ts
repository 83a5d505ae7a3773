import type { NodeState } from '@muster/protocol/run';

/** States in which a node did not do what it was asked, though it answered and nobody cancelled it. */
export const failedStates: readonly NodeState[] = [
  'failed',
  'refused',
  'invalid',
  'expired',
  'skewed',
  'timed_out',
  'interrupted',
];

/** States in which a node has said nothing. */
export const silentStates: readonly NodeState[] = ['no_answer', 'unknown_node', 'undelivered', 'unsealable'];
