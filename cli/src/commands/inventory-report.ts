import type { NodeRow } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { printFilter } from '@muster/protocol/filter';
import { readFilter } from '../options/selection.ts';
import { cleanJson, cleanLine } from '../output/clean-text.ts';
import { table } from '../output/columns.ts';
import { csvLine } from '../output/csv.ts';
import { exitCodes } from '../output/exit-code.ts';
import type { Surroundings } from '../surroundings.ts';
import type { InventoryFlags } from './inventory.ts';
import { listNodes } from './list-nodes.ts';
import { withEngine } from './with-engine.ts';

/** What a report shows when nobody says otherwise. */
export const usualColumns = 'identity,agent_version,last_seen,collectives,agents,classes';

const lists = ['classes', 'agents', 'collectives'] as const;
type List = (typeof lists)[number];
const isList = (name: string): name is List => lists.some((list) => list === name);

const factPrefix = 'facts.';

const time = (ms: number): string => new Date(ms).toISOString();

/** Columns that every node has, besides its facts and lists. */
const plain: Readonly<Record<string, (row: NodeRow) => string>> = {
  identity: ({ identity }) => identity,
  agent_version: ({ agentVersion }) => agentVersion,
  first_seen: ({ firstSeenMs }) => time(firstSeenMs),
  last_seen: ({ lastSeenMs }) => time(lastSeenMs),
  clock_skew: ({ clockSkewMs }) => (clockSkewMs === null ? '' : String(Math.round(clockSkewMs))),
};

interface Column {
  readonly name: string;
  /** As JSON has it. */
  readonly value: (row: NodeRow) => string | readonly string[] | null;
}

function readColumns(text: string): Result<readonly Column[]> {
  const columns: Column[] = [];
  for (const name of text.split(',').map((part) => part.trim())) {
    const ofNode = Object.hasOwn(plain, name) ? plain[name] : undefined;
    if (ofNode !== undefined) columns.push({ name, value: ofNode });
    else if (isList(name)) columns.push({ name, value: (row) => row.lists?.[name] ?? [] });
    else if (name.startsWith(factPrefix) && name.length > factPrefix.length) {
      const path = name.slice(factPrefix.length);
      columns.push({ name, value: (row) => row.facts[path] ?? null });
    } else {
      return fail('usage.invalid', `There is no column "${name}"`, {
        mend: `There are ${[...Object.keys(plain), ...lists].join(', ')}, and facts such as facts.os.name.`,
      });
    }
  }
  return ok(columns);
}

const cellText = (value: string | readonly string[] | null): string =>
  value === null ? '' : typeof value === 'string' ? value : value.join(' ');

/** `muster inventory --report`: the nodes of the inventory as a table, CSV or JSON. Exit code 1 when there is none. */
export async function report(flags: InventoryFlags, surroundings: Surroundings): Promise<Result<number>> {
  const columns = readColumns(flags.columns ?? usualColumns);
  if (!columns.ok) return columns;
  const expression = readFilter(flags);
  if (!expression.ok) return expression;
  const names = columns.value.map(({ name }) => name);
  const wanted = {
    filter: printFilter(expression.value),
    columns: names.filter((name) => name.startsWith(factPrefix)).map((name) => name.slice(factPrefix.length)),
    lists: lists.filter((list) => names.includes(list)),
  };
  const { stdout } = surroundings;
  const cells = (row: NodeRow) => columns.value.map(({ value }) => cellText(value(row)));
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
      const objects = rows.map((row) => Object.fromEntries(columns.value.map(({ name, value }) => [name, value(row)])));
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
