import type { Database } from 'better-sqlite3';
import type { Preset, PresetDraft } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { nameKey } from '../../presets/selection-name.ts';
import { jsonColumn, namesColumn } from './json-column.ts';

interface PresetRow {
  name: string;
  description: string;
  tags: string;
  filter: string;
  collective: string | null;
  discovery: string | null;
  created_at_ms: number;
  updated_at_ms: number;
}

const discovery = jsonColumn<NonNullable<Preset['discovery']>>();

const rowToPreset = (row: PresetRow): Preset => ({
  name: row.name,
  description: row.description,
  tags: [...namesColumn.read(row.tags)],
  filter: row.filter,
  ...(row.collective === null ? {} : { collective: row.collective }),
  ...(row.discovery === null ? {} : { discovery: discovery.read(row.discovery) }),
  createdAtMs: row.created_at_ms,
  updatedAtMs: row.updated_at_ms,
});

/** Writes a preset over the one of the same key, if there is one; its first time stays. */
export function presetWriter(db: Database): (draft: PresetDraft, nowMs: number) => void {
  const write = db.prepare(`
    INSERT INTO presets (key, name, description, tags, filter, collective, discovery, created_at_ms, updated_at_ms)
    VALUES (@key, @name, @description, @tags, @filter, @collective, @discovery, @nowMs, @nowMs)
    ON CONFLICT (key) DO UPDATE SET name = excluded.name, description = excluded.description, tags = excluded.tags,
      filter = excluded.filter, collective = excluded.collective, discovery = excluded.discovery,
      updated_at_ms = excluded.updated_at_ms`);
  return (draft, nowMs) => {
    write.run({
      key: nameKey(draft.name),
      name: draft.name,
      description: draft.description,
      tags: namesColumn.write(draft.tags),
      filter: draft.filter,
      collective: draft.collective ?? null,
      discovery: draft.discovery === undefined ? null : discovery.write(draft.discovery),
      nowMs,
    });
  };
}

/** Filter presets. Drafts are checked before they come here. */
export function createPresets(db: Database, changed: () => void) {
  const all = db.prepare<[], PresetRow>('SELECT * FROM presets ORDER BY key');
  const one = db.prepare<[string], PresetRow>('SELECT * FROM presets WHERE key = ?');
  const rename = db.prepare('UPDATE presets SET key = ? WHERE key = ?');
  const remove = db.prepare('DELETE FROM presets WHERE key = ?');
  const write = presetWriter(db);
  const unknown = (name: string) => fail('preset.unknown', `There is no preset "${name}"`);

  function getPreset(name: string): Result<Preset> {
    const row = one.get(nameKey(name));
    return row === undefined ? unknown(name) : ok(rowToPreset(row));
  }

  const save = db.transaction((previousName: string | null, draft: PresetDraft, nowMs: number): Result<Preset> => {
    const key = nameKey(draft.name);
    const previous = previousName === null ? null : nameKey(previousName);
    if (previousName !== null && one.get(nameKey(previousName)) === undefined) return unknown(previousName);
    if (key !== previous) {
      if (one.get(key) !== undefined) return fail('preset.taken', `There is a preset "${draft.name}" already`);
      if (previous !== null) rename.run(key, previous);
    }
    write(draft, nowMs);
    changed();
    return getPreset(draft.name);
  });

  return {
    listPresets: (): Result<Preset[]> => ok(all.all().map(rowToPreset)),
    getPreset,
    savePreset: (previousName: string | null, draft: PresetDraft, nowMs: number): Result<Preset> =>
      save.immediate(previousName, draft, nowMs),
    removePreset: (name: string): Result<void> =>
      db
        .transaction((): Result<void> => {
          if (remove.run(nameKey(name)).changes === 0) return unknown(name);
          changed();
          return ok(undefined);
        })
        .immediate(),
  };
}
