// @vitest-environment jsdom
import '../../../test/components/dom.ts';
import { fireEvent, render, screen } from '@testing-library/svelte';
import { expect, it, vi } from 'vitest';
import PathBench from '../../../test/components/PathBench.svelte';
import type { ChoosePath } from './path-choice.ts';

const path = () => screen.getByLabelText<HTMLInputElement>('Your key').value;

it('takes the path that was chosen with the dialog of the system', async () => {
  const choose = vi.fn<ChoosePath>(() => Promise.resolve('/home/alice/alice.key'));
  render(PathBench, { choose });
  await fireEvent.click(screen.getByRole('button', { name: 'Choose a file: Your key' }));
  await vi.waitFor(() => expect(path()).toBe('/home/alice/alice.key'));
  expect(choose.mock.calls).toEqual([['file']]);
});

it('keeps what was typed when nothing is chosen', async () => {
  const choose = vi.fn<ChoosePath>(() => Promise.resolve(null));
  render(PathBench, { choose });
  await fireEvent.input(screen.getByLabelText('Your key'), { target: { value: '~/mine.pem' } });
  await fireEvent.click(screen.getByRole('button'));
  await vi.waitFor(() => expect(choose).toHaveBeenCalledOnce());
  expect(path()).toBe('~/mine.pem');
});

it('offers no choice where there is no such dialog', () => {
  render(PathBench, { choose: null });
  expect([path(), screen.queryByRole('button')]).toEqual(['~/typed.pem', null]);
});
