import type { NodeState } from '@muster/protocol/run';
import type { ReportTone } from './report.ts';

/** States of nodes as people read them. */
export const stateWords: Readonly<Record<NodeState, string>> = {
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

const ended: Partial<Record<NodeState, ReportTone>> = {
  ok: 'ok',
  failed: 'bad',
  refused: 'bad',
  invalid: 'bad',
  expired: 'warn',
  skewed: 'warn',
  timed_out: 'warn',
  interrupted: 'warn',
  unknown_node: 'warn',
  undelivered: 'warn',
  unsealable: 'warn',
  no_answer: 'warn',
};

export const stateTone = (state: NodeState): ReportTone => ended[state] ?? 'idle';

export const isNodeState = (value: unknown): value is NodeState =>
  typeof value === 'string' && Object.hasOwn(stateWords, value);
