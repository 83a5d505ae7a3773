import type { ReportOf } from '@muster/protocol/bridge';
import type { ReportScope } from '../reports/report-scope.ts';
import { isAnyRun } from './run-filter.ts';
import type { RunListState } from './run-list-state.svelte.ts';

/** What of the history can be exported: what is nearest comes first. */
export function runListScopes({
  selection,
  query,
  search,
  filter,
  rows,
}: Pick<RunListState, 'selection' | 'query' | 'search' | 'filter' | 'rows'>): readonly [ReportScope, ...ReportScope[]] {
  const everything: ReportOf = { kind: 'history', query: { search: '' } };
  const isNarrowed = search.trim() !== '' || !isAnyRun(filter);
  const all: ReportScope = { id: 'all', count: isNarrowed ? null : rows.total, of: everything };
  const matching: ReportScope = { id: 'matching', count: rows.total, of: { kind: 'history', query } };
  const selected: ReportScope = {
    id: 'selected',
    count: selection.size,
    of: { ...everything, runIds: [...selection.keys] },
  };
  const rest: readonly [ReportScope, ...ReportScope[]] = isNarrowed ? [matching, all] : [all];
  return selection.size > 0 ? [selected, ...rest] : rest;
}
