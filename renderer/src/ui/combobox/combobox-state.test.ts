import { expect, it } from 'vitest';
import { ComboboxState } from './combobox-state.svelte.ts';

const soon = () => new Promise((resolve) => setImmediate(resolve));

it('proposes everything at first, then what fits, and moves around the ends', async () => {
  const box = new ComboboxState(() => Promise.resolve(['debian', 'ubuntu', 'old debian'].map((value) => ({ value }))));
  box.open();
  expect(box.isLoading).toBe(true);
  await soon();
  expect(box.shown).toHaveLength(3);
  box.type('DEB');
  expect(box.shown.map(({ value }) => value)).toEqual(['debian', 'old debian']);
  expect(box.highlighted).toBeNull();
  box.move(-1);
  expect(box.highlighted?.value).toBe('old debian');
  box.move(1);
  expect(box.highlighted?.value).toBe('debian');
  box.close();
  expect(box.active).toBe(-1);
});

it('asks again while it is open', async () => {
  let known: string[] = [];
  const box = new ComboboxState(() => Promise.resolve(known.map((value) => ({ value }))));
  box.open();
  await soon();
  known = ['os.name'];
  box.refresh();
  await soon();
  expect(box.shown).toEqual([{ value: 'os.name' }]);
});
