import type { ReportOf } from '@muster/protocol/bridge';
import type { ReportScope } from '../reports/report-scope.ts';
import type { FleetState } from './fleet-state.svelte.ts';

/** Of which nodes of the fleet there can be a report: the nearest choice first. */
export function fleetScopes(
  { selection, layout, sort }: Pick<FleetState, 'selection' | 'layout' | 'sort'>,
  { filter, matching }: { readonly filter: string; readonly matching: number | null },
): readonly [ReportScope, ...ReportScope[]] {
  const columns = ['identity', 'agent_version', 'last_seen', ...layout.facts.map((path) => `facts.${path}`)];
  const of = (wanted: string): Extract<ReportOf, { kind: 'inventory' }> => ({
    kind: 'inventory',
    filter: wanted,
    sort: { ...sort },
    columns,
  });
  const all: ReportScope = { id: 'all', count: filter === '' ? matching : null, of: of('') };
  const narrowed: readonly ReportScope[] = [
    ...(selection.size === 0
      ? []
      : [
          {
            id: 'selected',
            count: selection.size,
            of: { ...of(''), identities: [...selection.keys] },
          } satisfies ReportScope,
        ]),
    ...(filter === '' ? [] : [{ id: 'matching', count: matching, of: of(filter) } satisfies ReportScope]),
  ];
  const [first, ...others] = narrowed;
  return first === undefined ? [all] : [first, ...others, all];
}
