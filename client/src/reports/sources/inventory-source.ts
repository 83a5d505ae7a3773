import type { ReportOf } from '@muster/protocol/bridge';
import { ok, type Result } from '@muster/protocol/errors';
import type { FleetReportReader } from '../../storage/index.ts';
import type { Report, ReportChart, ReportNote } from '../report.ts';
import { countText } from '../values.ts';
import { readInventoryColumns, usualInventoryColumns, type InventoryColumn } from './inventory-columns.ts';
import { readSlices } from './read-slices.ts';

type InventoryReportOf = Extract<ReportOf, { kind: 'inventory' }>;

/** So many columns are drawn as a chart, the first ones whose values are few. */
const mostCharts = 4;
const mostBars = 10;

/** Counts of facts that say something as a drawing: neither the same everywhere, nor another one on every node. */
async function factCharts(
  identities: readonly string[],
  columns: readonly InventoryColumn[],
  storage: FleetReportReader,
): Promise<Result<readonly ReportChart[]>> {
  const paths = columns.flatMap(({ fact }) => fact ?? []);
  if (paths.length === 0 || identities.length === 0) return ok([]);
  const facets = await storage.facetsOf(identities, paths, mostBars);
  if (!facets.ok) return facets;
  const telling = facets.value.filter(
    ({ distinct }) => distinct > 1 && distinct <= Math.max(mostBars, identities.length / 4),
  );
  return ok(
    telling.slice(0, mostCharts).map(({ path, values, distinct }) => ({
      title: path,
      form: 'bars',
      bars: values.map(({ value, nodes }) => ({ label: value, count: nodes })),
      ...(distinct > values.length ? { rest: `${countText(distinct - values.length)} other values` } : {}),
    })),
  );
}

function notesOf(
  { filter, identities, sort }: InventoryReportOf,
  total: number,
  person: string,
): readonly ReportNote[] {
  return [
    { id: 'person', title: 'Console of', kind: 'text', value: person },
    { id: 'filter', title: 'Filter', kind: 'text', value: filter === '' ? 'all nodes' : filter },
    ...(identities === undefined
      ? []
      : ([
          { id: 'selected', title: 'Selected', kind: 'text', value: `${countText(identities.length)} nodes` },
        ] as const)),
    { id: 'nodes', title: 'Nodes', kind: 'number', value: total },
    { id: 'order', title: 'Order', kind: 'text', value: `${sort.by}${sort.descending ? ', descending' : ''}` },
  ];
}

/**
 * A report of the inventory: what the console remembers of nodes; none is asked. Who is in it, and in which order, is settled now.
 *
 * Errors: those of the filter, `usage.invalid` for a column that there is not, `storage.*`.
 */
export async function inventoryReport(
  of: InventoryReportOf,
  person: string,
  storage: FleetReportReader,
): Promise<Result<Report>> {
  const columns = readInventoryColumns(of.columns ?? usualInventoryColumns);
  if (!columns.ok) return columns;
  const found = await storage.reportedNodes(of);
  if (!found.ok) return found;
  const identities = found.value;
  const charts = await factCharts(identities, columns.value, storage);
  if (!charts.ok) return charts;
  const shown = {
    columns: columns.value.flatMap(({ fact }) => fact ?? []),
    lists: columns.value.flatMap(({ list }) => list ?? []),
  };
  return ok({
    kind: 'inventory',
    title: 'Inventory',
    mark: of.filter,
    fileStem: 'muster-inventory',
    notes: notesOf(of, identities.length, person),
    columns: columns.value,
    total: identities.length,
    charts: charts.value,
    figures: [],
    rows: () =>
      readSlices(identities, async (names) => {
        const read = await storage.nodesOf(names, shown);
        if (!read.ok) return read;
        const rows = read.value.map((row) => ({
          identity: row.identity,
          state: null,
          values: columns.value.map((column) => column.of(row)),
        }));
        return ok({ rows, taken: names.length });
      }),
  });
}
