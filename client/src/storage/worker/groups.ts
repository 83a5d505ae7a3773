import type { Database } from 'better-sqlite3';
import type { Group, GroupDraft } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { findCycle, reach, type GroupGraph } from '../../presets/group-graph.ts';
import { nameKey } from '../../presets/selection-name.ts';
import type { ExpandedGroups } from '../stores/selections.ts';
import { groupTables, rowToGroup } from './group-rows.ts';
import { namesColumn } from './json-column.ts';

const unknown = (name: string) => fail('group.unknown', `There is no group "${name}"`);

/** Errors: `group.cycle`, which tells the way round. `nameOf` gives the name of a key. */
export function refuseCycle(
  graph: GroupGraph<string>,
  starts: Iterable<string>,
  nameOf: (key: string) => string,
): Result<void> {
  const cycle = findCycle(graph, starts);
  if (cycle === null) return ok(undefined);
  const [first = ''] = cycle;
  return fail('group.cycle', `The group "${nameOf(first)}" would contain itself: ${cycle.map(nameOf).join(' → ')}`, {
    mend: 'Leave one of them out of the other.',
  });
}

/** Groups of nodes. Drafts are checked before they come here, all but the groups that they name. */
export function createGroups(db: Database, changed: () => void) {
  const tables = groupTables(db);

  function read(name: string): Result<Group> {
    const row = tables.find(name);
    if (row === undefined) return unknown(name);
    const parts = tables.edges().filter(({ key }) => key === row.key);
    return ok(
      rowToGroup(
        row,
        parts.map((part) => part.name),
      ),
    );
  }

  /** Whether the groups inside `draft` exist, and do not contain the one of `key`. */
  function checkInside(key: string, draft: Pick<GroupDraft, 'name' | 'groups'>): Result<void> {
    const missing = draft.groups.find((name) => nameKey(name) !== key && tables.find(name) === undefined);
    if (missing !== undefined) return unknown(missing);
    const graph = tables.graph().set(key, draft.groups.map(nameKey));
    return refuseCycle(graph, [key], (of) => (of === key ? draft.name : (tables.find(of)?.name ?? of)));
  }

  const save = db.transaction((previousName: string | null, draft: GroupDraft, nowMs: number): Result<Group> => {
    const key = nameKey(draft.name);
    const previous = previousName === null ? null : nameKey(previousName);
    if (previousName !== null && tables.find(previousName) === undefined) return unknown(previousName);
    if (key !== previous && tables.find(draft.name) !== undefined)
      return fail('group.taken', `There is a group "${draft.name}" already`);
    const inside = checkInside(previous ?? key, draft);
    if (!inside.ok) return inside;
    if (previous !== null && key !== previous) tables.rename(previous, key);
    tables.write(draft, nowMs);
    tables.setParts(draft);
    changed();
    return read(draft.name);
  });

  const remove = db.transaction((name: string): Result<void> => {
    const row = tables.find(name);
    if (row === undefined) return unknown(name);
    const users = tables.edges().filter(({ part }) => part === row.key);
    if (users.length > 0) {
      const names = users.map(({ key }) => `"${tables.find(key)?.name ?? key}"`).join(', ');
      return fail('group.in_use', `The group "${row.name}" is part of ${names}`, { mend: 'Take it out there first.' });
    }
    tables.remove(name);
    changed();
    return ok(undefined);
  });

  return {
    listGroups(): Result<Group[]> {
      const parts = Map.groupBy(tables.edges(), ({ key }) => key);
      return ok(
        tables.all().map((row) =>
          rowToGroup(
            row,
            (parts.get(row.key) ?? []).map(({ name }) => name),
          ),
        ),
      );
    },
    getGroup: (name: string): Result<Group> => read(name),
    saveGroup: (previousName: string | null, draft: GroupDraft, nowMs: number): Result<Group> =>
      save.immediate(previousName, draft, nowMs),
    removeGroup: (name: string): Result<void> => remove.immediate(name),
    expandGroups(names: readonly string[], inside: string | null): Result<ExpandedGroups> {
      const missing = names.find((name) => tables.find(name) === undefined);
      if (missing !== undefined) return unknown(missing);
      const holder = inside === null ? undefined : tables.find(inside);
      if (holder !== undefined) {
        const checked = checkInside(holder.key, { name: holder.name, groups: [...names] });
        if (!checked.ok) return checked;
      }
      const reached = reach(tables.graph(), names.map(nameKey));
      const rows = tables.all().filter(({ key }) => reached.has(key));
      return ok({
        identities: [...new Set(rows.flatMap((row) => namesColumn.read(row.identities)))].sort(),
        filters: [...new Set(rows.flatMap(({ filter }) => filter ?? []))],
      });
    },
  };
}
