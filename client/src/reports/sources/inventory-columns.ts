import type { NodeRow } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { ReportColumn } from '../report.ts';

/** What a report of the inventory shows when nobody says otherwise. */
export const usualInventoryColumns = ['identity', 'agent_version', 'last_seen', 'collectives', 'agents', 'classes'];

const lists = ['classes', 'agents', 'collectives'] as const;
type List = (typeof lists)[number];
const isList = (name: string): name is List => lists.some((list) => list === name);

const factPrefix = 'facts.';

export interface InventoryColumn extends ReportColumn {
  readonly of: (row: NodeRow) => unknown;
  /** The path of the fact that it is. */
  readonly fact?: string;
  /** The list that it is. */
  readonly list?: List;
}

const titles: Readonly<Record<List, string>> = { classes: 'Classes', agents: 'Agents', collectives: 'Collectives' };

/** Columns that every node has, besides its facts and lists. */
const plain: readonly InventoryColumn[] = [
  { id: 'identity', title: 'Node', kind: 'text', of: (row) => row.identity },
  { id: 'agent_version', title: 'Agent', kind: 'text', of: (row) => row.agentVersion },
  { id: 'first_seen', title: 'First seen', kind: 'time', of: (row) => row.firstSeenMs },
  { id: 'last_seen', title: 'Last seen', kind: 'time', of: (row) => row.lastSeenMs },
  {
    id: 'clock_skew',
    title: 'Clock ahead (ms)',
    kind: 'number',
    of: ({ clockSkewMs }) => (clockSkewMs === null ? null : Math.round(clockSkewMs)),
  },
];

function columnOf(name: string): InventoryColumn | null {
  const ofNode = plain.find(({ id }) => id === name);
  if (ofNode !== undefined) return ofNode;
  if (isList(name))
    return { id: name, title: titles[name], kind: 'names', list: name, of: ({ lists }) => lists?.[name] ?? [] };
  if (!name.startsWith(factPrefix) || name.length === factPrefix.length) return null;
  const fact = name.slice(factPrefix.length);
  const of = ({ facts }: NodeRow) => (Object.hasOwn(facts, fact) ? (facts[fact] ?? null) : null);
  return { id: name, title: fact, kind: 'text', fact, of };
}

/** Columns by their names: `identity`, `last_seen` and their like, `classes`, `agents`, `collectives`, and `facts.PATH`. Errors: `usage.invalid`. */
export function readInventoryColumns(names: readonly string[]): Result<readonly InventoryColumn[]> {
  const columns: InventoryColumn[] = [];
  for (const name of names) {
    const column = columnOf(name);
    if (column === null) {
      return fail('usage.invalid', `There is no column "${name}"`, {
        mend: `There are ${[...plain.map(({ id }) => id), ...lists].join(', ')}, and facts such as facts.os.name.`,
      });
    }
    columns.push(column);
  }
  return ok(columns);
}
