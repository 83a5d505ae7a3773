import type { NodeState } from './states.ts';

/** States of nodes as people read them, in English. */
export const nodeStateNames: Readonly<Record<NodeState, string>> = {
  queued: 'Queued',
  sent: 'Sent',
  waiting: 'Waiting',
  accepted: 'Accepted',
  running: 'Running',
  ok: 'OK',
  failed: 'Failed',
  refused: 'Refused',
  invalid: 'Invalid input',
  expired: 'Expired',
  skewed: 'Clock skewed',
  timed_out: 'Timed out',
  interrupted: 'Interrupted',
  cancelled: 'Cancelled',
  unknown_node: 'Unknown node',
  undelivered: 'Undelivered',
  unsealable: 'No sealing key',
  skipped: 'Skipped',
  no_answer: 'No answer',
};
