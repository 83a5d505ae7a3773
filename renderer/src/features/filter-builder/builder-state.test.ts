import { filterLimits, fromBuilder, parseFilter, printFilter, toBuilder } from '@muster/protocol/filter';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyFilter } from '../../../../test/contract/filter-arbitraries.ts';
import { BuilderState } from './builder-state.svelte.ts';
import { writeTree } from './builder-text.ts';
import type { Direction, RowFields, TreeGroup, TreeItem } from './builder-tree.ts';

const canonical = (text: string): string => {
  const filter = parseFilter(text);
  if (!filter.ok) throw new Error(`${text}: ${filter.error.message}`);
  return printFilter(filter.value);
};
const fact = (path: string, value: string): RowFields => ({ subject: 'fact', path, operator: '=', value, flags: '' });

function builderOf(text: string) {
  const written: string[] = [];
  const builder = new BuilderState((filter) => written.push(filter));
  builder.read(text);
  return { builder, written, last: () => written.at(-1) };
}

const itemsOf = (item: TreeItem): readonly TreeItem[] => [
  item,
  ...(item.kind === 'group' ? item.children.flatMap(itemsOf) : []),
];
const child = (group: TreeItem | undefined, index: number): TreeItem => {
  const found = group?.kind === 'group' ? group.children[index] : undefined;
  if (found === undefined) throw new Error('no such child');
  return found;
};

describe('from text to rows', () => {
  it('shows a text that can be read, and keeps the last tree for one that cannot', () => {
    const { builder } = builderOf('role=web and (os.name=Debian or os.name=Ubuntu)');
    expect(builder.root.children.map(({ kind }) => kind)).toEqual(['row', 'group']);
    builder.read('role=web and (');
    expect(builder.textFault?.code).toBe('filter.syntax');
    expect(builder.root.children).toHaveLength(2);
    builder.addRow(builder.root.id);
    expect(builder.root.children).toHaveLength(2);
    builder.read('role=web');
    expect(builder.textFault).toBeNull();
    expect(builder.root.children).toHaveLength(1);
  });

  it('keeps the names of items that stay in place', () => {
    const { builder } = builderOf('role=web and a=1');
    const first = child(builder.root, 0).id;
    builder.read('role=db and a=1');
    expect(child(builder.root, 0).id).toBe(first);
  });
});

describe('from rows to text', () => {
  it('writes nothing of rows that are not filled in', () => {
    const { builder, last } = builderOf('role=web');
    builder.addGroup(builder.root.id);
    expect(last()).toBe('role=web');
    const row = child(child(builder.root, 1), 0);
    builder.setFields(row.id, fact('os.name', ''), false);
    expect(last()).toBe('role=web');
    builder.setFields(row.id, fact('os.name', 'Debian'), true);
    builder.addRow(child(builder.root, 1).id);
    builder.setFields(child(child(builder.root, 1), 1).id, fact('os.name', 'Ubuntu'), true);
    expect(last()).toBe('role=web and (os.name=Debian or os.name=Ubuntu)');
  });

  it('takes an empty value when it is meant', () => {
    const { builder, last } = builderOf('');
    builder.addRow(builder.root.id);
    const { id } = child(builder.root, 0);
    builder.setFields(id, fact('note', ''), false);
    builder.confirm(id);
    expect(last()).toBe('note=""');
  });

  it('shows a fault in the row and under the character of the text', () => {
    const { builder, last } = builderOf('role=web and os.name=Debian');
    const { id } = child(builder.root, 1);
    builder.setFields(id, { subject: 'fact', path: 'os.name', operator: '=~', value: '(', flags: '' }, true);
    expect(last()).toBe('role=web and os.name=~/(/');
    expect(builder.faults.get(id)?.code).toBe('filter.regex');
    builder.read(last() ?? '');
    expect(builder.textFault).toBeNull();
    builder.setFields(id, { subject: 'fact', path: 'os.name', operator: '=~', value: '(a)', flags: '' }, true);
    expect(last()).toBe('role=web and os.name=~/(a)/');
    expect(builder.faults.size).toBe(0);
  });

  it('holds back what would read as another filter', () => {
    const { builder, written } = builderOf('nginx');
    builder.setFields(child(builder.root, 0).id, { subject: 'class', operator: '=', value: 'ngin*', flags: '' }, true);
    expect(written).toEqual([]);
    expect(builder.isHeldBack).toBe(true);
    expect(builder.faults.size).toBe(1);
  });

  it('moves, turns round and removes', () => {
    const { builder, last } = builderOf('a=1 and (b=2 or c=3) and d=4');
    const [a, group, d] = builder.root.children.map(({ id }) => id);
    const steps = (id: string | undefined, direction: Direction) => builder.step(id ?? '', direction);
    steps(a, 'down');
    expect(last()).toBe('(a=1 or b=2 or c=3) and d=4');
    steps(a, 'up');
    expect(last()).toBe('a=1 and (b=2 or c=3) and d=4');
    steps(d, 'in');
    expect(last()).toBe('a=1 and (b=2 or c=3 or d=4)');
    steps(d, 'out');
    builder.toggleNegated(group ?? '');
    expect(last()).toBe('a=1 and not (b=2 or c=3) and d=4');
    builder.moveTo(a ?? '', builder.root.id, 3);
    expect(last()).toBe('not (b=2 or c=3) and d=4 and a=1');
    builder.moveTo(group ?? '', group ?? '', 0);
    expect(last()).toBe('not (b=2 or c=3) and d=4 and a=1');
    for (const id of [group, d, a]) builder.remove(id ?? '');
    expect(last()).toBe('');
  });
});

/** Some change of the tree, drawn by numbers. */
function change(builder: BuilderState, kind: number, at: number): void {
  const items = itemsOf(builder.root);
  const item = items[at % items.length] ?? builder.root;
  const group = items.filter((one): one is TreeGroup => one.kind === 'group')[at % 3] ?? builder.root;
  const directions = ['up', 'down', 'in', 'out'] as const;
  switch (kind % 8) {
    case 0:
      return builder.addRow(group.id);
    case 1:
      return builder.addGroup(group.id);
    case 2:
      if (item.kind === 'row')
        builder.setFields(item.id, { ...item.fields, value: `v${at}`, operator: '=', flags: '' }, true);
      return;
    case 3:
      return builder.setMode(group.id, at % 2 === 0 ? 'all' : 'any');
    case 4:
      return builder.toggleNegated(item.id);
    case 5:
      return builder.remove(item.id);
    case 6:
      return builder.step(item.id, directions[at % 4] ?? 'up');
    default:
      return builder.moveTo(item.id, group.id, at % (group.children.length + 1));
  }
}

describe('builder and text', () => {
  it('stay in step over 10,000 random filters, and over random changes of them', () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 40 })), { maxLength: 4 });
    fc.assert(
      fc.property(anyFilter, changes, (filter, steps) => {
        const text = printFilter(filter);
        if (text.length > filterLimits.textLength || !parseFilter(text).ok) return;
        let shown = text;
        const builder = new BuilderState((written) => {
          shown = written;
        });
        builder.read(text);
        expect(writeTree(builder.root)).toEqual({ kind: 'filter', text: canonical(text) });
        for (const [kind, at] of steps) {
          change(builder, kind, at);
          if (builder.isHeldBack) return;
          // The text is canonical, the builder takes it for its own, and another builder reads the same from it.
          const root = builder.root;
          builder.read(shown);
          expect(builder.root).toBe(root);
          if (builder.faults.size > 0) return;
          expect(canonical(shown)).toBe(shown === text ? canonical(text) : shown);
          const again = parseFilter(shown);
          const rebuilt = again.ok ? fromBuilder(toBuilder(again.value)) : again;
          const written = writeTree(root);
          expect(rebuilt.ok && printFilter(rebuilt.value)).toBe(written.text);
        }
      }),
      { numRuns: 10_000 },
    );
  });
});
