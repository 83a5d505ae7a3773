import type { Counted } from '@muster/protocol/bridge';
import { z } from 'zod';
import { texts } from '../../texts/texts.ts';
import { boundedWidth, type GridColumn } from '../../ui/grid/columns.ts';

/** What the window remembers of the fleet's grid: chosen facts in their order, and widths of all columns by id. */
export const fleetLayoutSchema = z.object({
  facts: z.array(z.string().max(300)).max(40),
  widths: z.record(z.string().max(300), z.number()),
});
export type FleetLayout = z.infer<typeof fleetLayoutSchema>;

/** Facts that most people want to see, of which a fleet may have some. */
const usualFacts = [
  'os.name',
  'os.release.full',
  'role',
  'environment',
  'env',
  'datacenter',
  'location',
  'processors.count',
  'memory.system.total',
  'virtual',
];
/** So many have their full widths in a window of 1440 pixels. */
const usualCount = 7;

/** The columns that are no facts. */
export const builtinColumns = {
  identity: '@identity',
  clock: '@clock',
  agentVersion: '@agentVersion',
  lastSeen: '@lastSeen',
} as const;

const usualWidths: Readonly<Record<string, number>> = {
  [builtinColumns.identity]: 196,
  [builtinColumns.clock]: 76,
  [builtinColumns.agentVersion]: 64,
  [builtinColumns.lastSeen]: 88,
  'os.name': 84,
  'os.release.full': 74,
  'processors.count': 60,
  'memory.system.total': 94,
  role: 68,
  environment: 100,
  datacenter: 92,
  virtual: 76,
};

/** Shorter names of facts that every fleet has. */
const shortTitles: ReadonlyMap<string, string> = new Map(Object.entries(texts.columns.shortTitles));

/** Columns whose values are of use only as a whole. */
const neverShrinks: ReadonlySet<string> = new Set([
  builtinColumns.identity,
  builtinColumns.clock,
  builtinColumns.lastSeen,
  'memory.system.total',
]);

/** How much of its usual width a column keeps where there is little room. */
const shrinksTo = 0.84;

/** The columns for someone who has not chosen: the usual facts, as far as nodes have them. */
export const usualLayout = (paths: readonly Counted[]): FleetLayout => ({
  facts: usualFacts.filter((fact) => paths.some(({ value }) => value === fact)).slice(0, usualCount),
  widths: {},
});

/** The grid's columns: the node, its facts, how its clock goes, its agent's version and when it was last seen. */
export function fleetColumns(layout: FleetLayout): readonly GridColumn[] {
  /** A width that somebody chose is kept; any other may shrink, so that a narrow window need not scroll. */
  const width = (id: string, usual: number) => {
    const chosen = layout.widths[id];
    const width = boundedWidth(chosen ?? usualWidths[id] ?? usual);
    return { width, least: chosen === undefined && !neverShrinks.has(id) ? Math.round(width * shrinksTo) : width };
  };
  return [
    {
      id: builtinColumns.identity,
      title: texts.fleet.identity,
      ...width(builtinColumns.identity, 220),
      isSortable: true,
    },
    ...layout.facts.map((path) => ({
      id: path,
      title: shortTitles.get(path) ?? path,
      hint: path,
      ...width(path, 128),
      isSortable: true,
    })),
    {
      id: builtinColumns.clock,
      title: texts.node.skew,
      hint: texts.fleet.clockHint,
      ...width(builtinColumns.clock, 76),
      align: 'end',
    },
    { id: builtinColumns.agentVersion, title: texts.fleet.agentVersion, ...width(builtinColumns.agentVersion, 76) },
    {
      id: builtinColumns.lastSeen,
      title: texts.fleet.lastSeen,
      ...width(builtinColumns.lastSeen, 96),
      isSortable: true,
    },
  ];
}
