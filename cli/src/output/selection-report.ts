import type { Group, ListedGroup, Preset } from '@muster/protocol/bridge';
import { cleanLine } from './clean-text.ts';
import { inColumns, table } from './columns.ts';
import { timeText } from './time-text.ts';

/** The preset as scripts see it. */
export const presetJson = (preset: Preset) => ({
  name: preset.name,
  description: preset.description,
  tags: preset.tags,
  filter: preset.filter,
  collective: preset.collective ?? null,
  discovery: preset.discovery ?? null,
  created_utc: timeText(preset.createdAtMs),
  updated_utc: timeText(preset.updatedAtMs),
});

/** The group as scripts see it; in lists with the number of its members. */
export const groupJson = (group: Group | ListedGroup) => ({
  name: group.name,
  description: group.description,
  tags: group.tags,
  nodes: group.identities,
  filter: group.filter,
  groups: group.groups,
  ...('members' in group ? { members: group.members } : {}),
  created_utc: timeText(group.createdAtMs),
  updated_utc: timeText(group.updatedAtMs),
});

const filterText = (filter: string): string => (filter === '' ? 'every node' : filter);

function head(kind: string, { name, description, tags }: Preset | Group): readonly string[] {
  return [
    `${kind} ${name}`,
    ...(description === '' ? [] : [`   ${description}`]),
    ...(tags.length === 0 ? [] : [`   Tags: ${tags.join(', ')}`]),
  ];
}

const text = (lines: readonly string[]): string => `${lines.map(cleanLine).join('\n')}\n`;

export function presetText(preset: Preset): string {
  const { collective, discovery } = preset;
  const options = Object.entries(discovery?.options ?? {}).flatMap(([key, value]) =>
    [value].flat().map((one) => `${key}=${one}`),
  );
  return text([
    ...head('Preset', preset),
    `   Filter: ${filterText(preset.filter)}`,
    ...(collective === undefined ? [] : [`   Collective: ${collective}`]),
    ...(discovery === undefined ? [] : [`   Discovery: ${[discovery.method, ...options].join(' ')}`]),
  ]);
}

export function groupText(group: Group, width: number): string {
  return text([
    ...head('Group', group),
    ...(group.filter === null ? [] : [`   Filter: ${filterText(group.filter)}`]),
    ...(group.groups.length === 0 ? [] : [`   Groups: ${group.groups.join(', ')}`]),
    ...(group.identities.length === 0 ? [] : [`   Nodes: ${group.identities.length}`]),
    ...inColumns(group.identities, width),
  ]);
}

const lines = (rows: readonly string[]): string => rows.map((row) => `${row}\n`).join('');

export const presetTable = (presets: readonly Preset[]): string =>
  lines(
    table(
      ['Preset', 'Tags', 'Filter'],
      presets.map(({ name, tags, filter }) => [name, tags.join(', '), filterText(filter)].map(cleanLine)),
    ),
  );

/** What a group is made of, in a few words. */
function partsText({ identities, filter, groups }: Group): string {
  return [
    ...(identities.length === 0 ? [] : [identities.length === 1 ? '1 node' : `${identities.length} nodes`]),
    ...(filter === null ? [] : [filterText(filter)]),
    ...groups.map((name) => `group ${name}`),
  ].join('; ');
}

export const groupTable = (groups: readonly ListedGroup[]): string =>
  lines(
    table(
      ['Group', 'Members', 'Tags', 'Made of'],
      groups.map((group) =>
        [group.name, group.members === null ? '?' : String(group.members), group.tags.join(', '), partsText(group)].map(
          cleanLine,
        ),
      ),
      ['Members'],
    ),
  );
