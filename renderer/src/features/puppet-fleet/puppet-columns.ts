import { texts } from '../../texts/texts.ts';
import type { GridColumn } from '../../ui/grid/columns.ts';

const titles = texts.puppet.columns;

/** The grid's columns; those that sort have the names that `puppet.overview` knows. */
export const puppetColumns: readonly GridColumn[] = [
  { id: 'identity', title: titles.identity, width: 196, least: 150, isSortable: true },
  { id: 'state', title: titles.state, width: 104, isSortable: true },
  { id: 'reason', title: titles.reason, width: 190, least: 100, grows: true },
  { id: 'lastRun', title: titles.lastRun, width: 100, least: 96, isSortable: true },
  { id: 'failed', title: titles.failed, width: 68, align: 'end', isSortable: true },
  { id: 'changed', title: titles.changed, width: 82, align: 'end', isSortable: true },
  { id: 'total', title: titles.total, width: 84, align: 'end' },
  { id: 'totalTime', title: titles.totalTime, width: 94, align: 'end', isSortable: true },
  { id: 'version', title: titles.version, width: 120, least: 76 },
  { id: 'told', title: titles.told, width: 100, least: 96, isSortable: true },
];

/** What a narrow window leaves to the panel of a node. */
export const wideColumns: ReadonlySet<string> = new Set(['total', 'version']);
