import type { ReportOf, RunSummary } from '@muster/protocol/bridge';
import type { ReportScope } from '../reports/report-scope.ts';
import type { ResultsState } from './results-state.svelte.ts';

/** What of a run can be exported: what is nearest comes first. `columns` are the outputs that are shown. */
export function runScopes(
  run: Pick<RunSummary, 'runId' | 'expected' | 'unexpected'>,
  { selection, sort, choice, isNarrowed, rows }: ResultsState,
  columns: readonly string[],
): readonly [ReportScope, ...ReportScope[]] {
  const of: ReportOf = { kind: 'run', runId: run.runId, states: [], search: '', sort: { ...sort } };
  const all: ReportScope = { id: 'all', count: run.expected + run.unexpected, of };
  const { states, search, filter } = choice;
  const shown: ReportScope = {
    id: 'shown',
    count: rows.total,
    of: { ...of, states: [...states], search, filter, columns: [...columns] },
  };
  const selected: ReportScope = {
    id: 'selected',
    count: selection.size,
    of: { ...of, identities: [...selection.keys], columns: [...columns] },
  };
  const [first, second] = isNarrowed ? [shown, all] : [all, shown];
  return selection.size > 0 ? [selected, first, second] : [first, second];
}
