import { presetDocumentShape, type PresetDocument } from '@muster/protocol/bridge';
import { fail, ok, type Fault, type Result } from '@muster/protocol/errors';
import { checkGroup, checkPreset } from './check-draft.ts';
import { entryLabel } from './entry-label.ts';
import { nameKey } from './selection-name.ts';

/** Finds the entry that a problem at `path` is about. */
function labelAt(document: unknown, path: readonly PropertyKey[]): string {
  const [list, index, ...rest] = path;
  if ((list !== 'presets' && list !== 'groups') || typeof index !== 'number') return path.map(String).join('.');
  const entries: unknown = typeof document === 'object' && document !== null ? Reflect.get(document, list) : undefined;
  const entry: unknown = Array.isArray(entries) ? entries[index] : undefined;
  const field = rest.length === 0 ? '' : `, ${rest.map(String).join('.')}`;
  return `${entryLabel(list, index, entry)}${field}`;
}

function readAll<T extends { readonly name: string }>(
  list: 'presets' | 'groups',
  entries: readonly T[],
  check: (entry: T) => Result<T>,
): Result<T[]> {
  const seen = new Set<string>();
  const checked: T[] = [];
  const refused = (label: string, { message, mend }: Pick<Fault, 'message' | 'mend'>) =>
    fail('preset.malformed', `${label}: ${message}`, mend === undefined ? {} : { mend });
  for (const [index, entry] of entries.entries()) {
    const label = entryLabel(list, index, entry);
    const result = check(entry);
    if (!result.ok) return refused(label, result.error);
    const key = nameKey(result.value.name);
    if (seen.has(key)) return refused(label, { message: 'the document has this name twice' });
    seen.add(key);
    checked.push(result.value);
  }
  return ok(checked);
}

/** A document of presets and groups, as it is stored. Errors: `preset.malformed`, which names the entry. */
export function readDocument(document: unknown): Result<PresetDocument> {
  const parsed = presetDocumentShape.safeParse(document);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const path = issue?.path ?? [];
    if (path[0] === 'protocol' || path.length === 0) {
      return fail('preset.malformed', 'This is no document of Muster presets: "protocol" is not "muster.presets.v1"', {
        mend: 'Use what `muster preset export` wrote, or a newer Muster.',
      });
    }
    return fail('preset.malformed', `${labelAt(document, path)}: ${issue?.message ?? 'does not fit'}`);
  }
  const { protocol } = parsed.data;
  const presets = readAll('presets', parsed.data.presets, checkPreset);
  if (!presets.ok) return presets;
  const groups = readAll('groups', parsed.data.groups, checkGroup);
  return groups.ok ? ok({ protocol, presets: presets.value, groups: groups.value }) : groups;
}
