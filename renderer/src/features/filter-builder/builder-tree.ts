import type { BuilderFields, BuilderGroup, BuilderItem } from '@muster/protocol/filter';

/* The builder's model with a name for every item, so that rows keep their place in the page while they move. */

interface Named {
  readonly id: string;
}

export type RowFields = BuilderFields;

export interface TreeRow extends Named {
  readonly kind: 'row';
  readonly negated: boolean;
  readonly fields: RowFields;
  /** Not filled in yet: no part of the filter until it is. */
  readonly isDraft: boolean;
}

export interface TreeText extends Named {
  readonly kind: 'text';
  readonly text: string;
  readonly isDraft: boolean;
}

export interface TreeGroup extends Named {
  readonly kind: 'group';
  readonly mode: 'all' | 'any';
  readonly negated: boolean;
  readonly children: readonly TreeItem[];
}

export type TreeItem = TreeRow | TreeText | TreeGroup;

/** Where an item stands: its group, and its place among the children there. */
export interface TreePlace {
  readonly group: TreeGroup;
  readonly index: number;
}

/** Names the items of a model; where `previous` has an item of the same kind in the same place, its name is kept. */
export function nameItems(model: BuilderGroup, nextId: () => string, previous: TreeGroup | null): TreeGroup {
  const name = (item: BuilderItem, before: TreeItem | undefined): TreeItem => {
    const id = before?.kind === item.kind ? before.id : nextId();
    if (item.kind === 'row') return { ...item, id, isDraft: false };
    if (item.kind === 'text') return { ...item, id, isDraft: false };
    return nameGroup(item, id, before?.kind === 'group' ? before : null);
  };
  const nameGroup = (group: BuilderGroup, id: string, before: TreeGroup | null): TreeGroup => ({
    ...group,
    id,
    children: group.children.map((child, index) => name(child, before?.children[index])),
  });
  return nameGroup(model, previous?.id ?? nextId(), previous);
}

export function findItem(group: TreeGroup, id: string): TreeItem | null {
  if (group.id === id) return group;
  for (const child of group.children) {
    if (child.id === id) return child;
    const below = child.kind === 'group' ? findItem(child, id) : null;
    if (below !== null) return below;
  }
  return null;
}

/** Where an item is; null for the root and for what is not in the tree. */
export function placeOf(group: TreeGroup, id: string): TreePlace | null {
  const index = group.children.findIndex((child) => child.id === id);
  if (index >= 0) return { group, index };
  for (const child of group.children) {
    const below = child.kind === 'group' ? placeOf(child, id) : null;
    if (below !== null) return below;
  }
  return null;
}

/** The tree with one item made anew. */
export function changeItem<T extends TreeItem>(group: T, id: string, change: (item: TreeItem) => TreeItem): T {
  // A change keeps the kind of the item, which the types of its callers see to.
  if (group.id === id) return change(group) as T;
  if (group.kind !== 'group') return group;
  return { ...group, children: group.children.map((child) => changeItem(child, id, change)) };
}

export function insertItem(root: TreeGroup, groupId: string, index: number, item: TreeItem): TreeGroup {
  return changeItem(root, groupId, (group) =>
    group.kind === 'group' ? { ...group, children: group.children.toSpliced(index, 0, item) } : group,
  );
}

const takeOut = (group: TreeGroup, id: string): TreeGroup => ({
  ...group,
  children: group.children
    .filter((child) => child.id !== id)
    .map((child) => (child.kind === 'group' ? takeOut(child, id) : child)),
});

/** The tree without groups that have nothing in them; an empty root is neither negated nor "any of". */
function tidy(root: TreeGroup): TreeGroup {
  const tidyItem = (item: TreeItem): readonly TreeItem[] => {
    if (item.kind !== 'group') return [item];
    const children = item.children.flatMap(tidyItem);
    return children.length === 0 ? [] : [{ ...item, children }];
  };
  const children = root.children.flatMap(tidyItem);
  return children.length === 0 ? { ...root, mode: 'all', negated: false, children } : { ...root, children };
}

export const removeItem = (root: TreeGroup, id: string): TreeGroup => tidy(takeOut(root, id));

const holds = (item: TreeItem, id: string): boolean => item.kind === 'group' && findItem(item, id) !== null;

/** Puts an item before the child at `index` of a group, counted while it still stands at its old place. Not into itself. */
export function moveItem(root: TreeGroup, id: string, groupId: string, index: number): TreeGroup {
  const item = findItem(root, id);
  const from = placeOf(root, id);
  if (item === null || from === null || id === groupId || holds(item, groupId)) return root;
  const isSameGroup = from.group.id === groupId;
  const target = isSameGroup && from.index < index ? index - 1 : index;
  if (isSameGroup && target === from.index) return root;
  return tidy(insertItem(takeOut(root, id), groupId, target, item));
}

export type Direction = 'up' | 'down' | 'out' | 'in';

/**
 * One step: up and down pass siblings and go in and out of groups at their edges; `out` is behind the group, `in` is to
 * the end of the group before, or else into a group of its own.
 */
export function stepItem(root: TreeGroup, id: string, direction: Direction, nextId: () => string): TreeGroup {
  const place = placeOf(root, id);
  if (place === null) return root;
  const { group, index } = place;
  const parent = placeOf(root, group.id);
  const before = group.children[index - 1];
  const after = group.children[index + 1];
  switch (direction) {
    case 'up':
      if (before?.kind === 'group') return moveItem(root, id, before.id, before.children.length);
      if (before !== undefined) return moveItem(root, id, group.id, index - 1);
      return parent === null ? root : moveItem(root, id, parent.group.id, parent.index);
    case 'down':
      if (after?.kind === 'group') return moveItem(root, id, after.id, 0);
      if (after !== undefined) return moveItem(root, id, group.id, index + 2);
      return parent === null ? root : moveItem(root, id, parent.group.id, parent.index + 1);
    case 'out':
      return parent === null ? root : moveItem(root, id, parent.group.id, parent.index + 1);
    case 'in': {
      if (before?.kind === 'group') return moveItem(root, id, before.id, before.children.length);
      return changeItem(root, id, (item) => ({
        id: nextId(),
        kind: 'group',
        mode: group.mode === 'all' ? 'any' : 'all',
        negated: false,
        children: [item],
      }));
    }
  }
}
