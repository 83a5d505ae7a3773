import { cleanJson, cleanLine } from './clean-text.ts';
import { inColumns } from './columns.ts';

type Data = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function show(value: unknown): string {
  if (value === null || value === undefined) return '-';
  if (Array.isArray(value)) return value.map(show).join(', ');
  return typeof value === 'string' ? cleanLine(value) : cleanLine(JSON.stringify(value));
}

const names = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(show).sort() : []);

function seconds(times: unknown, key: string): string {
  const value = isRecord(times) ? times[key] : undefined;
  return typeof value === 'number' ? `${value.toFixed(2)} seconds` : '-';
}

function section(heading: string, lines: readonly string[]): string {
  return `   ${heading}:\n${lines.length === 0 ? '      none\n' : lines.map((line) => `   ${line}\n`).join('')}\n`;
}

function statistics(stats: Data, inventory: Data): readonly string[] {
  const start = stats['starttime'];
  const rows: readonly (readonly [string, unknown])[] = [
    ['Version', stats['version']],
    ['Start Time', typeof start === 'number' ? new Date(start * 1000).toISOString() : null],
    ['Config File', stats['configfile']],
    ['Collectives', inventory['collectives']],
    ['Main Collective', inventory['main_collective']],
    ['Process ID', stats['pid']],
    ['Memory', typeof stats['memory'] === 'number' ? `${(stats['memory'] / 2 ** 20).toFixed(1)} MiB` : null],
    ['Total Messages', stats['total']],
    ['Messages Passed Filters', stats['passed']],
    ['Messages Filtered', stats['filtered']],
    ['Expired Messages', stats['ttlexpired']],
    ['Replies Sent', stats['replies']],
    ['Total Processor Time', seconds(stats['times'], 'utime')],
    ['System Time', seconds(stats['times'], 'stime')],
  ];
  return rows.map(([label, value]) => `${label.padStart(30)}: ${show(value)}`);
}

/** All that a node says of itself, in MCollective's sections. */
export function nodeText(identity: string, stats: Data, inventory: Data, width: number): string {
  const facts = isRecord(inventory['facts'])
    ? Object.entries(inventory['facts']).sort(([a], [b]) => (a < b ? -1 : 1))
    : [];
  return (
    `Inventory for ${identity}:\n\n` +
    section('Server Statistics', statistics(stats, inventory)) +
    section('Agents', inColumns(names(inventory['agents']), width)) +
    section('Data Plugins', inColumns(names(inventory['data_plugins']), width)) +
    section('Configuration Management Classes', inColumns(names(inventory['classes']), width)) +
    section(
      'Facts',
      facts.map(([name, value]) => `   ${cleanLine(name)} => ${show(value)}`),
    )
  );
}

export const nodeJson = (identity: string, stats: Data, inventory: Data): string =>
  `${cleanJson({ identity, daemon_stats: stats, inventory }, 2)}\n`;
