import type { GroupDraft, PresetDraft } from '@muster/protocol/bridge';
import { fail, ok, type ErrorCode, type Result } from '@muster/protocol/errors';
import { parseFilter, printFilter } from '@muster/protocol/filter';
import { checkWindowChoice } from '../discovery/index.ts';
import { checkName, nameKey } from './selection-name.ts';

/** Each name once, whatever its case; the first spelling stays. */
export const uniqueNames = (names: readonly string[]): string[] =>
  [...new Map(names.toReversed().map((name) => [nameKey(name), name])).values()].toReversed();

/** Tags as they are stored: each once, sorted. Errors: `code`. */
export function checkTags(tags: readonly string[], code: ErrorCode): Result<string[]> {
  const checked: string[] = [];
  for (const tag of tags) {
    const name = checkName(tag, 'tag', code);
    if (!name.ok) return name;
    checked.push(name.value);
  }
  return ok(uniqueNames(checked).sort((a, b) => (nameKey(a) < nameKey(b) ? -1 : 1)));
}

/** The filter in its canonical form. Errors: those of the filter. */
function canonical(text: string): Result<string> {
  const filter = parseFilter(text);
  return filter.ok ? ok(printFilter(filter.value)) : filter;
}

/**
 * Presets come from windows and from other people's documents: as little as a window may they start programs, read files or
 * send a certificate elsewhere. Errors: `preset.invalid`.
 */
function checkDiscovery(choice: PresetDraft['discovery']): Result<void> {
  if (checkWindowChoice(choice).ok) return ok(undefined);
  return fail('preset.invalid', `A preset may not set these options of the discovery method ${choice?.method ?? ''}`, {
    mend: 'Programs, files and addresses are set in console.yaml, or with flags where the preset is used.',
  });
}

/** The preset as it is stored. Errors: `preset.invalid`, those of the filter. */
export function checkPreset(draft: PresetDraft): Result<PresetDraft> {
  const name = checkName(draft.name, 'preset', 'preset.invalid');
  if (!name.ok) return name;
  const tags = checkTags(draft.tags, 'preset.invalid');
  if (!tags.ok) return tags;
  const filter = canonical(draft.filter);
  if (!filter.ok) return filter;
  const { collective, discovery } = draft;
  const harmless = checkDiscovery(discovery);
  if (!harmless.ok) return harmless;
  return ok({
    name: name.value,
    description: draft.description.trim(),
    tags: tags.value,
    filter: filter.value,
    ...(collective === undefined ? {} : { collective }),
    ...(discovery === undefined ? {} : { discovery }),
  });
}

/** The parts of a group as they are stored. Errors: those of the filter. */
export function checkParts(draft: GroupDraft): Result<Pick<GroupDraft, 'identities' | 'filter' | 'groups'>> {
  const filter = draft.filter === null ? ok(null) : canonical(draft.filter);
  if (!filter.ok) return filter;
  return ok({
    identities: [...new Set(draft.identities)].sort(),
    filter: filter.value,
    groups: uniqueNames(draft.groups),
  });
}

/** The group as it is stored. Errors: `group.invalid`, those of the filter. Whether its groups exist only storage can tell. */
export function checkGroup(draft: GroupDraft): Result<GroupDraft> {
  const name = checkName(draft.name, 'group', 'group.invalid');
  if (!name.ok) return name;
  const tags = checkTags(draft.tags, 'group.invalid');
  if (!tags.ok) return tags;
  const parts = checkParts(draft);
  if (!parts.ok) return parts;
  const { identities, filter, groups } = parts.value;
  if (identities.length === 0 && filter === null && groups.length === 0) {
    return fail('group.invalid', `The group "${name.value}" has neither nodes nor a filter nor groups`, {
      mend: 'Name nodes, give a filter, or put another group into it.',
    });
  }
  return ok({ name: name.value, description: draft.description.trim(), tags: tags.value, ...parts.value });
}
