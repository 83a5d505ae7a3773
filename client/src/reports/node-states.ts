import { nodeStateNames, type NodeState } from '@muster/protocol/run';
import type { ReportTone } from './report.ts';

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
  typeof value === 'string' && Object.hasOwn(nodeStateNames, value);
