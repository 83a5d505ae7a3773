// @vitest-environment jsdom
import '../../../test/components/dom.ts';
import { fireEvent, render, screen } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import TreeBench from '../../../test/components/TreeBench.svelte';

const line = (path: string): HTMLElement => {
  const found = document.querySelector<HTMLElement>(`[data-path="${path}"]`);
  if (found === null) throw new Error(`There is no line ${path}`);
  return found;
};
const buttons = () => screen.queryAllByRole('button').map(({ textContent }) => textContent);

it('has the buttons of the line that is pointed at alone', async () => {
  render(TreeBench, { value: { role: 'web', site: 'north' } });
  expect(buttons()).toEqual([]);
  await fireEvent.pointerEnter(line('role'));
  expect(buttons()).toEqual(['Copy role']);
  await fireEvent.pointerLeave(line('role'));
  expect(buttons()).toEqual([]);
});

it('keeps the buttons of a line while the focus goes from it to one of them', async () => {
  render(TreeBench, { value: { role: 'web', site: 'north' } });
  await fireEvent.focusIn(line('role'));
  const copy = screen.getByRole('button', { name: 'Copy role' });
  // A browser lets the page be drawn anew between this and the next.
  await fireEvent.focusOut(line('role'), { relatedTarget: copy });
  expect(screen.getByRole('button', { name: 'Copy role' })).toBe(copy);
  await fireEvent.focusOut(copy, { relatedTarget: line('site') });
  await fireEvent.focusIn(line('site'));
  expect(buttons()).toEqual(['Copy site']);
});
