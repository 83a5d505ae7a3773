import type { Database } from 'better-sqlite3';
import type { Group, GroupDraft } from '@muster/protocol/bridge';
import type { GroupGraph } from '../../presets/group-graph.ts';
import { nameKey } from '../../presets/selection-name.ts';
import { namesColumn } from './json-column.ts';

/** A row of table `node_groups`. */
export interface GroupRow {
  group_id: number;
  key: string;
  name: string;
  description: string;
  tags: string;
  identities: string;
  filter: string | null;
  created_at_ms: number;
  updated_at_ms: number;
}

/** `parts` are the names of the groups inside. */
export const rowToGroup = (row: GroupRow, parts: readonly string[]): Group => ({
  name: row.name,
  description: row.description,
  tags: [...namesColumn.read(row.tags)],
  identities: [...namesColumn.read(row.identities)],
  filter: row.filter,
  groups: [...parts],
  createdAtMs: row.created_at_ms,
  updatedAtMs: row.updated_at_ms,
});

/** Reading and writing the rows of groups; rules are the business of who calls. */
export function groupTables(db: Database) {
  const all = db.prepare<[], GroupRow>('SELECT * FROM node_groups ORDER BY key');
  const byKey = db.prepare<[string], GroupRow>('SELECT * FROM node_groups WHERE key = ?');
  const edges = db.prepare<[], { key: string; part: string; name: string }>(`
    SELECT whole.key AS key, part.key AS part, part.name AS name FROM node_group_parts
      JOIN node_groups AS whole USING (group_id) JOIN node_groups AS part ON part.group_id = part_id
    ORDER BY whole.key, place`);
  const rename = db.prepare('UPDATE node_groups SET key = ? WHERE key = ?');
  const write = db.prepare(`
    INSERT INTO node_groups (key, name, description, tags, identities, filter, created_at_ms, updated_at_ms)
    VALUES (@key, @name, @description, @tags, @identities, @filter, @nowMs, @nowMs)
    ON CONFLICT (key) DO UPDATE SET name = excluded.name, description = excluded.description, tags = excluded.tags,
      identities = excluded.identities, filter = excluded.filter, updated_at_ms = excluded.updated_at_ms`);
  const clearParts = db.prepare(
    'DELETE FROM node_group_parts WHERE group_id = (SELECT group_id FROM node_groups WHERE key = ?)',
  );
  const addPart = db.prepare(`
    INSERT INTO node_group_parts (group_id, part_id, place)
    SELECT whole.group_id, part.group_id, @place FROM node_groups AS whole, node_groups AS part
    WHERE whole.key = @key AND part.key = @part`);
  const remove = db.prepare('DELETE FROM node_groups WHERE key = ?');

  return {
    all: () => all.all(),
    find: (name: string) => byKey.get(nameKey(name)),
    edges: () => edges.all(),
    /** Every group with the groups inside it, by key. */
    graph(): Map<string, readonly string[]> & GroupGraph<string> {
      const parts = Map.groupBy(edges.all(), ({ key }) => key);
      return new Map(all.all().map(({ key }) => [key, (parts.get(key) ?? []).map(({ part }) => part)]));
    },
    rename: (from: string, to: string) => rename.run(to, from),
    /** All but the groups inside, which have to be there before {@link setParts} can name them. */
    write: (draft: GroupDraft, nowMs: number) =>
      write.run({
        key: nameKey(draft.name),
        name: draft.name,
        description: draft.description,
        tags: namesColumn.write(draft.tags),
        identities: namesColumn.write(draft.identities),
        filter: draft.filter,
        nowMs,
      }),
    setParts({ name, groups }: GroupDraft): void {
      const key = nameKey(name);
      clearParts.run(key);
      for (const [place, part] of groups.entries()) addPart.run({ key, part: nameKey(part), place });
    },
    remove: (name: string) => remove.run(nameKey(name)),
  };
}
