import type { ReportOf } from '@muster/protocol/bridge';

/** Nodes that a report can be of. */
export interface ReportScope {
  readonly id: 'all' | 'shown' | 'matching' | 'selected';
  /** How many nodes; null when nobody knows. */
  readonly count: number | null;
  readonly of: ReportOf;
}
