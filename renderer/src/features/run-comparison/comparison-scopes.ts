import type { ReportScope } from '../reports/report-scope.ts';
import type { ComparisonState } from './comparison-state.svelte.ts';

/** What of a comparison of so many nodes can be exported: those that are shown first. */
export function comparisonScopes(
  { choice, rows }: Pick<ComparisonState, 'choice' | 'rows'>,
  nodes: number,
): readonly [ReportScope, ...ReportScope[]] {
  const { before, after, ignore } = choice;
  return [
    { id: 'shown', count: rows.total, of: { kind: 'comparison', ...choice } },
    { id: 'all', count: nodes, of: { kind: 'comparison', before, after, ignore, kinds: [] } },
  ];
}
