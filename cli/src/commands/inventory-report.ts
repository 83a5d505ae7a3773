import {
  csvLine,
  plainText,
  readInventoryColumns,
  usualInventoryColumns,
  type InventoryColumn,
} from '@muster/client/reports';
import type { NodeRow } from '@muster/protocol/bridge';
import { ok, type Result } from '@muster/protocol/errors';
import { printFilter } from '@muster/protocol/filter';
import { columnNames } from '../options/report-flags.ts';
import { readFilter } from '../options/selection.ts';
import { cleanJson, cleanLine } from '../output/clean-text.ts';
import { table } from '../output/columns.ts';
import { exitCodes } from '../output/exit-code.ts';
import type { Surroundings } from '../surroundings.ts';
import type { InventoryFlags } from './inventory.ts';
import { listNodes } from './list-nodes.ts';
import { withEngine } from './with-engine.ts';
import { writeReport } from './write-report.ts';

/** What a report shows when nobody says otherwise. */
export const usualColumns = usualInventoryColumns.join(',');

/** As JSON has it: lists and missing facts as such, everything else as a text. */
const jsonValue = ({ kind, list, fact, of }: InventoryColumn, row: NodeRow): unknown =>
  list === undefined && fact === undefined ? plainText(kind, of(row)) : of(row);

/** `muster inventory --report` in a form that is written as it is read. */
function asFile(flags: InventoryFlags, filter: string, surroundings: Surroundings): Promise<Result<number>> {
  const columns = columnNames(flags.columns);
  const sort = { by: '@identity', descending: false };
  const of = { kind: 'inventory', filter, sort, ...(columns === undefined ? {} : { columns }) } as const;
  return withEngine(surroundings, flags, 'offline', (engine) => writeReport(engine, of, flags, surroundings));
}

/** `muster inventory --report`: the nodes of the inventory as a table, or in any form of a report. Exit code 1 when there is none. */
export async function report(flags: InventoryFlags, surroundings: Surroundings): Promise<Result<number>> {
  const columns = readInventoryColumns(columnNames(flags.columns) ?? usualInventoryColumns);
  if (!columns.ok) return columns;
  const expression = readFilter(flags);
  if (!expression.ok) return expression;
  const filter = printFilter(expression.value);
  if (flags.format !== undefined || flags.output !== undefined) return asFile(flags, filter, surroundings);
  const names = columns.value.map(({ id }) => id);
  const wanted = {
    filter,
    columns: columns.value.flatMap(({ fact }) => fact ?? []),
    lists: columns.value.flatMap(({ list }) => list ?? []),
  };
  const { stdout } = surroundings;
  const cells = (row: NodeRow) => columns.value.map(({ kind, of }) => plainText(kind, of(row)));
  return withEngine(surroundings, flags, 'offline', async (engine) => {
    const rows: NodeRow[] = [];
    const isCsv = flags.csv === true;
    // CSV goes out slice by slice; a table has to know its widths first.
    let csv = csvLine(names);
    const listed = await listNodes(engine, wanted, (slice) => {
      if (!isCsv) rows.push(...slice);
      else {
        stdout.write(csv + slice.map((row) => csvLine(cells(row))).join(''));
        csv = '';
      }
    });
    if (!listed.ok) return listed;
    if (flags.json === true) {
      const objects = rows.map((row) =>
        Object.fromEntries(columns.value.map((column) => [column.id, jsonValue(column, row)])),
      );
      stdout.write(`${cleanJson(objects, 1)}\n`);
    } else if (!isCsv) {
      stdout.write(
        `${table(
          names,
          rows.map((row) => cells(row).map(cleanLine)),
        ).join('\n')}\n`,
      );
    }
    return ok(listed.value > 0 ? exitCodes.ok : exitCodes.noMatch);
  });
}
