import { describe, expect, it } from 'vitest';
import { boundedWidth, gridMinWidth, gridTemplate, nextSort } from './columns.ts';
import { movedRow } from './grid-keys.ts';
import { RowSelection } from './row-selection.svelte.ts';

describe('columns', () => {
  it('gives the last column what is left', () => {
    const columns = [
      { id: 'a', title: 'A', width: 100 },
      { id: 'b', title: 'B', width: 80 },
    ];
    expect(gridTemplate(columns, true)).toBe('36px 100px minmax(80px, 1fr)');
    expect(gridMinWidth(columns, true)).toBe('max(216px, min(216px, (216px - 100cqw) * 10000))');
  });
  it('lets columns shrink and others grow', () => {
    const columns = [
      { id: 'a', title: 'A', width: 100, least: 70 },
      { id: 'b', title: 'B', width: 80, grows: true },
      { id: 'c', title: 'C', width: 60 },
    ];
    expect(gridTemplate(columns, false)).toBe('minmax(70px, 100px) minmax(80px, 1fr) 60px');
    expect(gridMinWidth(columns, false)).toBe('max(210px, min(240px, (210px - 100cqw) * 10000))');
  });
  it('bounds widths', () => expect([boundedWidth(3), boundedWidth(99.6), boundedWidth(5000)]).toEqual([56, 100, 900]));
  it('turns the order round on a second click', () => {
    const first = nextSort({ by: 'x', descending: true }, 'a');
    expect(first).toEqual({ by: 'a', descending: false });
    expect(nextSort(first, 'a')).toEqual({ by: 'a', descending: true });
  });
});

describe('movedRow', () => {
  it('stays inside the list', () => {
    expect(movedRow('ArrowUp', 0, 5, 3)).toBe(0);
    expect(movedRow('PageDown', 3, 5, 3)).toBe(4);
    expect(movedRow('End', 0, 5, 3)).toBe(4);
    expect(movedRow('a', 0, 5, 3)).toBeNull();
    expect(movedRow('ArrowDown', 0, 0, 3)).toBeNull();
  });
});

describe('RowSelection', () => {
  it('extends from the last toggled row in both directions', async () => {
    const keys = ['a', 'b', 'c', 'd', 'e'];
    const between = (first: number, last: number) => Promise.resolve(keys.slice(first, last + 1));
    const selection = new RowSelection();
    selection.toggle('c', 2);
    await selection.extendTo(4, between);
    expect([...selection.keys]).toEqual(['c', 'd', 'e']);
    await selection.extendTo(1, between);
    expect([...selection.keys].sort()).toEqual(['b', 'c']);
    selection.toggle('e', 4);
    selection.startAt(0);
    await selection.extendTo(0, between);
    expect([...selection.keys].sort()).toEqual(['a', 'b', 'c', 'e']);
    selection.toggle('c', 2);
    expect(selection.has('c')).toBe(false);
    selection.clear();
    expect(selection.size).toBe(0);
  });
});
