// @vitest-environment jsdom
import '../../../test/components/dom.ts';
import { fireEvent, render, screen } from '@testing-library/svelte';
import { ok } from '@muster/protocol/errors';
import { describe, expect, it, vi } from 'vitest';
import GridBench from '../../../test/components/GridBench.svelte';
import { PagedRows } from '../paged-rows/paged-rows.svelte.ts';
import { RowSelection } from './row-selection.svelte.ts';

const nameOf = (index: number) => `row ${index}`;

async function showGrid(total: number, opened: string | null = null) {
  const rows = new PagedRows<string>();
  const fetched: number[] = [];
  const selection = new RowSelection();
  const [onOpen, onFollow, onSort] = [vi.fn(), vi.fn(), vi.fn()];
  const keysBetween = (first: number, last: number) =>
    Promise.resolve(Array.from({ length: last - first + 1 }, (_, index) => nameOf(first + index)));
  render(GridBench, { rows, selection, keysBetween, opened, onOpen, onFollow, onSort });
  rows.ask((offset, limit) => {
    fetched.push(offset);
    const length = Math.min(limit, total - offset);
    return Promise.resolve(ok({ total, rows: Array.from({ length }, (_, index) => nameOf(offset + index)) }));
  });
  await vi.waitFor(() => expect(rows.total).toBe(total));
  const grid = screen.getByRole('grid', { name: 'Things' });
  const press = (key: string, more: object = {}) => fireEvent.keyDown(grid, { key, ...more });
  const active = () => document.getElementById(grid.getAttribute('aria-activedescendant') ?? '')?.dataset['key'];
  return { grid, press, active, selection, onOpen, onFollow, onSort, fetched };
}

describe('a grid', () => {
  it('tells how many rows there are, and holds only those in sight', async () => {
    const { grid, fetched } = await showGrid(50_000);
    expect(grid.getAttribute('aria-rowcount')).toBe('50001');
    const shown = await screen.findAllByTestId('things-row');
    expect(shown.length).toBeGreaterThan(10);
    expect(shown.length).toBeLessThan(60);
    expect(shown[0]?.getAttribute('aria-rowindex')).toBe('2');
    expect(fetched).toEqual([0]);
  });

  it('uses the boxes of rows that went out of sight again', async () => {
    const { grid } = await showGrid(50_000);
    const boxes = new Set(await screen.findAllByTestId('things-row'));
    const shown = () => screen.getAllByTestId('things-row').map(({ dataset }) => dataset['key']);
    for (const top of [400, 600, 1200]) {
      const before = shown();
      await fireEvent.scroll(grid, { target: { scrollTop: top } });
      await vi.waitFor(() => expect(shown()).not.toEqual(before));
      for (const box of screen.getAllByTestId('things-row')) boxes.add(box);
      expect(new Set(shown()).size).toBe(shown().length);
    }
    expect(shown()).not.toContain('row 0');
    expect(boxes.size).toBeLessThanOrEqual(64);
  });

  it('makes and throws away no box while it is scrolled row by row', async () => {
    const { grid } = await showGrid(50_000);
    await screen.findAllByTestId('things-row');
    await fireEvent.scroll(grid, { target: { scrollTop: 600 } });
    await vi.waitFor(() => expect(screen.queryByText('row 0')).toBeNull());
    const boxes = new Set(screen.getAllByTestId('things-row'));
    for (let step = 1; step <= 8; step++) {
      const before = screen.getAllByTestId('things-row').map(({ dataset }) => dataset['key']);
      await fireEvent.scroll(grid, { target: { scrollTop: 600 + step * 32 } });
      await vi.waitFor(() =>
        expect(screen.getAllByTestId('things-row').map(({ dataset }) => dataset['key'])).not.toEqual(before),
      );
      expect(new Set(screen.getAllByTestId('things-row'))).toEqual(boxes);
    }
  });

  it('moves no box while it is scrolled, and has its rows in order once it rests', async () => {
    const { grid } = await showGrid(50_000);
    const boxes = () => screen.getAllByTestId('things-row');
    const places = () => boxes().map((row) => Number(row.getAttribute('aria-rowindex')));
    const inOrder = () => places().toSorted((one, other) => one - other);
    await screen.findAllByTestId('things-row');
    const scrollTo = async (top: number) => {
      const before = places();
      await fireEvent.scroll(grid, { target: { scrollTop: top } });
      await vi.waitFor(() => expect(places()).not.toEqual(before));
    };
    await scrollTo(600);
    await vi.waitFor(() => expect(places()).toEqual(inOrder()));
    const atRest = boxes();
    await scrollTo(800);
    expect(boxes()).toEqual(atRest);
    expect(places()).not.toEqual(inOrder());
    await vi.waitFor(() => expect(places()).toEqual(inOrder()));
    expect(new Set(boxes())).toEqual(new Set(atRest));
  });

  it('is worked with by the keyboard alone', async () => {
    const { press, active, selection, onOpen, onFollow } = await showGrid(100);
    await screen.findAllByTestId('things-row');
    await press('ArrowDown');
    await press('ArrowDown');
    expect(active()).toBe('row 2');
    await press('Enter');
    expect(onOpen).toHaveBeenCalledWith('row 2');
    expect(onFollow).not.toHaveBeenCalled();
    await press(' ');
    expect([...selection.keys]).toEqual(['row 2']);
    await press('ArrowDown', { shiftKey: true });
    await vi.waitFor(() => expect([...selection.keys]).toEqual(['row 2', 'row 3']));
    await press('Escape');
    expect(selection.size).toBe(0);
    await press('Home');
    expect(active()).toBe('row 0');
  });

  it('goes to the page of a row that is open by Enter, and of any by `o` or a double click', async () => {
    const { press, onOpen, onFollow } = await showGrid(10, 'row 1');
    const rows = await screen.findAllByTestId('things-row');
    await press('ArrowDown');
    onOpen.mockClear();
    await press('Enter');
    expect(onOpen).not.toHaveBeenCalled();
    expect(onFollow.mock.calls).toEqual([['row 1']]);
    await press('ArrowDown');
    await press('o');
    expect(onFollow).toHaveBeenLastCalledWith('row 2');
    await fireEvent.dblClick(rows[3] ?? document.body);
    expect(onFollow).toHaveBeenLastCalledWith('row 3');
  });

  it('has names for its rows, columns and boxes, and says how it is sorted', async () => {
    const { onSort } = await showGrid(3);
    expect(await screen.findByRole('checkbox', { name: 'Select row 1' })).toBeDefined();
    expect(screen.getAllByRole('columnheader').map((head) => head.getAttribute('aria-sort'))).toContain('ascending');
    await fireEvent.click(screen.getByRole('button', { name: /Name/ }));
    expect(onSort).toHaveBeenCalledWith({ by: 'name', descending: true });
  });

  it('keeps its titles over their columns where there is no box for all rows', async () => {
    const { grid } = await showGrid(1);
    const row = await screen.findByTestId('things-row');
    expect(screen.queryByRole('checkbox', { name: 'Select all' })).toBeNull();
    expect(grid.querySelector('.header .row')?.children).toHaveLength(row.children.length);
  });

  it('says so when there is nothing', async () => {
    await showGrid(0);
    expect(await screen.findByText('Nothing here')).toBeDefined();
  });
});
