import { nameKey, reach } from '@muster/client/presets';
import type { SelectionStore } from '@muster/client/storage';
import type { Group, Preset } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';

const soon = <T>(result: Result<T>) => Promise.resolve(result);

function save<T extends { readonly name: string }>(
  kept: Map<string, T>,
  kind: 'preset' | 'group',
  previousName: string | null,
  entry: T,
): Result<T> {
  const key = nameKey(entry.name);
  const previous = previousName === null ? null : nameKey(previousName);
  if (previousName !== null && !kept.has(nameKey(previousName)))
    return fail(`${kind}.unknown`, `There is no ${kind} "${previousName}"`);
  if (previous !== key && kept.has(key)) return fail(`${kind}.taken`, `There is a ${kind} "${entry.name}" already`);
  if (previous !== null) kept.delete(previous);
  kept.set(key, entry);
  return ok(entry);
}

/** Presets and groups in memory; cycles are not looked for. */
export function memorySelections(): SelectionStore {
  const presets = new Map<string, Preset>();
  const groups = new Map<string, Group>();
  let revision = 0;
  const find = <T>(kept: Map<string, T>, kind: 'preset' | 'group', name: string): Result<T> => {
    const entry = kept.get(nameKey(name));
    return entry === undefined ? fail(`${kind}.unknown`, `There is no ${kind} "${name}"`) : ok(entry);
  };
  const remove = <T>(kept: Map<string, T>, kind: 'preset' | 'group', name: string): Result<void> => {
    const found = find(kept, kind, name);
    if (!found.ok) return found;
    kept.delete(nameKey(name));
    revision += 1;
    return ok(undefined);
  };
  const sorted = <T>(kept: Map<string, T>) => [...kept].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
  const timed = <T>(draft: T, nowMs: number) => ({ ...draft, createdAtMs: nowMs, updatedAtMs: nowMs });
  return {
    listPresets: () => soon(ok(sorted(presets))),
    getPreset: (name) => soon(find(presets, 'preset', name)),
    savePreset: (previousName, draft, nowMs) => soon(save(presets, 'preset', previousName, timed(draft, nowMs))),
    removePreset: (name) => soon(remove(presets, 'preset', name)),
    listGroups: () => soon(ok(sorted(groups))),
    getGroup: (name) => soon(find(groups, 'group', name)),
    saveGroup: (previousName, draft, nowMs) => soon(save(groups, 'group', previousName, timed(draft, nowMs))),
    removeGroup: (name) => soon(remove(groups, 'group', name)),
    expandGroups(names) {
      const graph = new Map([...groups].map(([key, group]) => [key, group.groups.map(nameKey)]));
      const all = [...reach(graph, names.map(nameKey))].flatMap((key) => groups.get(key) ?? []);
      return soon(
        ok({
          identities: [...new Set(all.flatMap(({ identities }) => identities))].sort(),
          filters: all.flatMap(({ filter }) => filter ?? []),
        }),
      );
    },
    importSelections(document, mode, nowMs) {
      const counts = { added: 0, replaced: 0, kept: 0 };
      const take = <T extends { readonly name: string }>(kept: Map<string, T>, entry: T) => {
        const isHere = kept.has(nameKey(entry.name));
        counts[!isHere ? 'added' : mode === 'replace' ? 'replaced' : 'kept'] += 1;
        if (!isHere || mode === 'replace') kept.set(nameKey(entry.name), entry);
      };
      for (const draft of document.presets) take(presets, timed(draft, nowMs));
      for (const draft of document.groups) take(groups, timed(draft, nowMs));
      return soon(ok(counts));
    },
    selectionRevision: () => soon(ok(revision)),
  };
}
