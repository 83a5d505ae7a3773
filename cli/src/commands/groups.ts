import { parseNodeList } from '@muster/client/discovery';
import type { Group, GroupDraft, ListedGroup } from '@muster/protocol/bridge';
import { ok, type Result } from '@muster/protocol/errors';
import { checkIdentity } from '@muster/protocol/identity';
import { printFilter } from '@muster/protocol/filter';
import { hasSelection, readFilter } from '../options/selection.ts';
import { cleanJson } from '../output/clean-text.ts';
import { exitCodes } from '../output/exit-code.ts';
import { groupJson, groupTable, groupText } from '../output/selection-report.ts';
import type { Surroundings } from '../surroundings.ts';
import { printEntry, type HomeFlags, type NamedEntries } from './named-entries.ts';
import { earlier, explainTaken, type SaveFlags } from './presets.ts';
import { withEngine } from './with-engine.ts';

export interface GroupSaveFlags extends SaveFlags {
  readonly node?: readonly string[];
  readonly nodes?: string;
  readonly include?: readonly string[];
}

/** Groups under their names. */
export const namedGroups: NamedEntries<Group, ListedGroup> = {
  noun: 'group',
  of: ({ groups }) => groups,
  json: groupJson,
  table: groupTable,
  text: groupText,
};

/** `muster group members`: by what the inventory knows. Exit code 0 when there is one, else 1. */
export async function groupMembers(
  name: string,
  flags: HomeFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  return withEngine(surroundings, flags, 'offline', async ({ groups }) => {
    const members = await groups.members({ of: { kind: 'name', name }, limit: Infinity });
    if (!members.ok) return members;
    const { identities } = members.value;
    const { stdout } = surroundings;
    stdout.write(flags.json === true ? `${cleanJson(identities, 1)}\n` : identities.map((one) => `${one}\n`).join(''));
    return ok(identities.length > 0 ? exitCodes.ok : exitCodes.noMatch);
  });
}

/** The nodes that flags name, null when none does. Errors: `identity.invalid`, `list.malformed`. */
async function namedNodes(
  { node, nodes }: GroupSaveFlags,
  surroundings: Surroundings,
): Promise<Result<readonly string[] | null>> {
  const identities: string[] = [];
  for (const identity of node ?? []) {
    const checked = checkIdentity(identity);
    if (!checked.ok) return checked;
    identities.push(checked.value);
  }
  if (nodes === undefined) return ok(node === undefined ? null : identities);
  const text = nodes === '-' ? await surroundings.stdin.readAll({}) : await surroundings.readFile(nodes);
  if (!text.ok) return text;
  const list = parseNodeList(text.value ?? '', nodes === '-' ? 'STDIN' : nodes);
  return list.ok ? ok([...identities, ...list.value]) : list;
}

/** The group that the flags describe, on top of the one that it changes. */
async function draftOf(
  name: string,
  flags: GroupSaveFlags,
  kept: Group | null,
  surroundings: Surroundings,
): Promise<Result<GroupDraft>> {
  const filter = readFilter(flags);
  if (!filter.ok) return filter;
  const identities = await namedNodes(flags, surroundings);
  if (!identities.ok) return identities;
  return ok({
    name,
    description: flags.description ?? kept?.description ?? '',
    tags: [...(flags.tag ?? kept?.tags ?? [])],
    identities: [...(identities.value ?? kept?.identities ?? [])],
    filter: hasSelection(flags) ? printFilter(filter.value) : (kept?.filter ?? null),
    groups: [...(flags.include ?? kept?.groups ?? [])],
  });
}

export async function saveGroup(
  name: string,
  flags: GroupSaveFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  return withEngine(surroundings, flags, 'offline', async ({ groups }) => {
    const before = await earlier(name, flags, (of) => groups.get(of));
    if (!before.ok) return before;
    const { previousName, kept } = before.value;
    const group = await draftOf(name, flags, kept, surroundings);
    if (!group.ok) return group;
    const saved = await groups.save({ group: group.value, ...(previousName === null ? {} : { previousName }) });
    if (!saved.ok) return explainTaken(saved);
    printEntry(namedGroups, saved.value, flags, surroundings);
    return ok(exitCodes.ok);
  });
}
