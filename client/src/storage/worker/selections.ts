import type { Database } from 'better-sqlite3';
import type { EndpointResult, ImportMode, PresetDocument } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { entryLabel } from '../../presets/entry-label.ts';
import { nameKey } from '../../presets/selection-name.ts';
import { groupTables } from './group-rows.ts';
import { createGroups, refuseCycle } from './groups.ts';
import { createPresets, presetWriter } from './presets.ts';
import { createRecipes } from './recipes.ts';

type Imported = EndpointResult<'presets.import'>;

/** What has a name: presets, groups, both at once from a document, and recipes. */
export function createSelections(db: Database) {
  const readRevision = db.prepare<[], number>('SELECT revision FROM selections').pluck();
  const grow = db.prepare('UPDATE selections SET revision = revision + 1');
  const changed = () => void grow.run();
  const presetKeys = db.prepare<[], string>('SELECT key FROM presets').pluck();
  const writePreset = presetWriter(db);
  const tables = groupTables(db);

  /** The groups as they would be with those of the document. Errors: `preset.malformed`, `group.cycle`. */
  function checkGroups(document: PresetDocument, groups: PresetDocument['groups']): Result<void> {
    const graph = tables.graph();
    const names = new Map(tables.all().map(({ key, name }) => [key, name]));
    for (const { name, groups: parts } of groups) {
      graph.set(nameKey(name), parts.map(nameKey));
      names.set(nameKey(name), name);
    }
    for (const group of groups) {
      const missing = group.groups.find((part) => !graph.has(nameKey(part)));
      if (missing === undefined) continue;
      const label = entryLabel('groups', document.groups.indexOf(group), group);
      return fail('preset.malformed', `${label}: it contains "${missing}", which is neither in the document nor here`);
    }
    return refuseCycle(
      graph,
      groups.map(({ name }) => nameKey(name)),
      (key) => names.get(key) ?? key,
    );
  }

  const take = db.transaction((document: PresetDocument, mode: ImportMode, nowMs: number): Result<Imported> => {
    const here = { presets: new Set(presetKeys.all()), groups: new Set(tables.all().map(({ key }) => key)) };
    const isHere = (list: 'presets' | 'groups') => (entry: { readonly name: string }) =>
      here[list].has(nameKey(entry.name));
    const wanted = <T extends { readonly name: string }>(list: 'presets' | 'groups', entries: readonly T[]) =>
      mode === 'replace' ? entries : entries.filter((entry) => !isHere(list)(entry));
    const presets = wanted('presets', document.presets);
    const groups = wanted('groups', document.groups);
    const checked = checkGroups(document, [...groups]);
    if (!checked.ok) return checked;
    const before = document.presets.filter(isHere('presets')).length + document.groups.filter(isHere('groups')).length;
    for (const preset of presets) writePreset(preset, nowMs);
    for (const group of groups) tables.write(group, nowMs);
    for (const group of groups) tables.setParts(group);
    if (presets.length + groups.length > 0) changed();
    const added = document.presets.length + document.groups.length - before;
    return ok({ added, replaced: mode === 'replace' ? before : 0, kept: mode === 'keep' ? before : 0 });
  });

  return {
    ...createPresets(db, changed),
    ...createGroups(db, changed),
    ...createRecipes(db, changed),
    importSelections: (document: PresetDocument, mode: ImportMode, nowMs: number): Result<Imported> =>
      take.immediate(document, mode, nowMs),
    selectionRevision: (): Result<number> => ok(readRevision.get() ?? 0),
  };
}
