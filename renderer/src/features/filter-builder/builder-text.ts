import {
  builderFaults,
  fromBuilder,
  parseFilter,
  printFilter,
  regexMatcher,
  printCondition,
  type BuilderGroup,
  type BuilderItem,
} from '@muster/protocol/filter';
import type { Fault } from '@muster/protocol/errors';
import type { RowFields, TreeGroup, TreeItem } from './builder-tree.ts';

/** What a tree means as text. */
export type WrittenTree =
  | { readonly kind: 'filter'; readonly text: string }
  /** Faults by the ids of their items; `text` shows them too, or is null when it would read as another filter. */
  | { readonly kind: 'faulty'; readonly text: string | null; readonly faults: ReadonlyMap<string, Fault> };

/** The model without drafts, and the ids of its items by their paths. */
function complete(root: TreeGroup): { model: BuilderGroup; ids: ReadonlyMap<string, string> } {
  const ids = new Map<string, string>();
  function read(item: TreeItem, path: readonly number[]): BuilderItem | null {
    if (item.kind === 'row') {
      if (item.isDraft) return null;
      ids.set(path.join('.'), item.id);
      return { kind: 'row', negated: item.negated, fields: item.fields };
    }
    if (item.kind === 'text') {
      if (item.isDraft) return null;
      ids.set(path.join('.'), item.id);
      return { kind: 'text', text: item.text };
    }
    const group = readGroup(item, path);
    return group.children.length === 0 ? null : group;
  }
  function readGroup(group: TreeGroup, path: readonly number[]): BuilderGroup {
    const children: BuilderItem[] = [];
    for (const child of group.children) {
      const kept = read(child, [...path, children.length]);
      if (kept !== null) children.push(kept);
    }
    ids.set(path.join('.'), group.id);
    return { kind: 'group', mode: group.mode, negated: group.negated && children.length > 0, children };
  }
  return { model: readGroup(root, []), ids };
}

/** A condition as text, whether it is a good one or not. */
function printFields(fields: RowFields): string {
  if (fields.subject === 'fact' || fields.subject === 'data') {
    const { operator, value, flags } = fields;
    const comparison =
      operator === '=~' || operator === '!~' ? { operator, value: regexMatcher(value, flags) } : { operator, value };
    return fields.subject === 'fact'
      ? printCondition({ kind: 'fact', path: fields.path, ...comparison })
      : printCondition({
          kind: 'data',
          plugin: fields.plugin,
          output: fields.output,
          ...(fields.argument === undefined ? {} : { argument: fields.argument }),
          ...comparison,
        });
  }
  const { subject, operator, value, flags } = fields;
  if (operator === '=~') return printCondition({ kind: subject, matcher: regexMatcher(value, flags) });
  if (operator === '=' && subject === 'identity')
    return printCondition({ kind: 'identity', matcher: { kind: 'glob', pattern: value } });
  return printCondition({ kind: subject, matcher: { kind: 'exact', text: value } });
}

function printItem(item: BuilderItem, isInside: boolean): string {
  if (item.kind === 'row') return `${item.negated ? 'not ' : ''}${printFields(item.fields)}`;
  if (item.kind === 'text') return isInside ? `(${item.text})` : item.text;
  const inner = item.children
    .map((child) => printItem(child, item.children.length > 1 || item.negated))
    .join(item.mode === 'all' ? ' and ' : ' or ');
  if (item.negated) return `not (${inner})`;
  return isInside && item.children.length > 1 ? `(${inner})` : inner;
}

/** The text of a tree: canonical when it is a filter, else one in which the faults can be seen where that is possible. */
export function writeTree(root: TreeGroup): WrittenTree {
  const { model, ids } = complete(root);
  const filter = fromBuilder(model);
  if (filter.ok) {
    const text = printFilter(filter.value);
    const read = parseFilter(text);
    if (read.ok) return { kind: 'filter', text };
    return { kind: 'faulty', text: null, faults: new Map([[root.id, read.error]]) };
  }
  const faults = new Map(
    builderFaults(model).map(({ path, fault }) => [ids.get(path.join('.')) ?? root.id, fault] as const),
  );
  const text = printItem(model, false);
  return { kind: 'faulty', text: parseFilter(text).ok ? null : text, faults };
}
