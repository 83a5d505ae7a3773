// @vitest-environment jsdom
import '../../../test/components/dom.ts';
import { fireEvent, render, screen } from '@testing-library/svelte';
import { expect, it, vi } from 'vitest';
import PaletteBench from '../../../test/components/PaletteBench.svelte';
import { createWindowRig } from '../../../test/window-rig.ts';
import type { Command } from '../commands/command.ts';
import { CommandsState } from '../commands/commands-state.svelte.ts';
import { KeymapState } from '../commands/keymap-state.svelte.ts';
import { PaletteState } from './palette-state.svelte.ts';

const all: readonly Command[] = [
  { id: 'fleet.refresh', title: 'Refresh the inventory', group: 'here', shortcuts: [] },
  { id: 'go.fleet', title: 'Go to Fleet', group: 'pages', shortcuts: ['g f'] },
];

async function openPalette(nodes: number, mode: 'all' | 'nodes') {
  const rig = createWindowRig(nodes);
  const commands = new CommandsState(all, new KeymapState(rig.bridge, all));
  commands.handle({ 'fleet.refresh': () => undefined, 'go.fleet': () => undefined });
  const palette = new PaletteState(rig.bridge, rig.clock, commands, { others: [] });
  const onChoose = vi.fn();
  render(PaletteBench, { commands, palette, onChoose });
  palette.open(mode);
  await rig.settled();
  const field = await screen.findByRole('combobox');
  const active = () => document.getElementById(field.getAttribute('aria-activedescendant') ?? '');
  const type = async (text: string) => {
    await fireEvent.input(field, { target: { value: text } });
    rig.clock.move(500);
    await rig.settled();
  };
  return { ...rig, field, active, type, onChoose };
}

it('is a field with a list: the field tells which line Enter would choose', async () => {
  const { field, active } = await openPalette(10, 'all');
  expect(screen.getByRole('dialog', { name: 'Search and commands' })).toContain(field);
  expect(screen.getByRole('group', { name: 'Go to' }).querySelectorAll('kbd')).toHaveLength(2);
  expect(active()?.textContent).toContain('Refresh the inventory');
  await fireEvent.keyDown(field, { key: 'ArrowDown' });
  expect(active()?.textContent).toContain('Go to Fleet');
  expect(active()?.getAttribute('aria-selected')).toBe('true');
  expect(screen.getAllByRole('option', { selected: true })).toHaveLength(1);
});

it('gives what was chosen, and closes', async () => {
  const { field, onChoose } = await openPalette(10, 'all');
  await fireEvent.keyDown(field, { key: 'Enter' });
  expect(onChoose).toHaveBeenCalledWith(expect.objectContaining({ kind: 'command', command: all[0] }));
  await vi.waitFor(() => expect(screen.queryByRole('combobox')).toBeNull());
});

it('takes a click for a choice', async () => {
  const { onChoose } = await openPalette(10, 'all');
  await fireEvent.click(screen.getByText('Go to Fleet'));
  expect(onChoose).toHaveBeenCalledWith(expect.objectContaining({ kind: 'command', command: all[1] }));
});

it('leads from a few nodes to all that match, of which only those in sight are in the page', async () => {
  const { field, type, onChoose } = await openPalette(5000, 'all');
  await type('example.com');
  await fireEvent.click(screen.getByText('All 5,000 nodes with this in their name'));
  const list = await screen.findByTestId('palette-results');
  await vi.waitFor(() => expect(list.dataset['count']).toBe('5000'));
  const lines = screen.getAllByRole('option');
  expect(lines.length).toBeGreaterThan(5);
  expect(lines.length).toBeLessThan(60);
  expect(lines[0]?.getAttribute('aria-setsize')).toBe('5000');
  expect(onChoose).not.toHaveBeenCalled();
  await fireEvent.keyDown(field, { key: 'Enter' });
  expect(onChoose).toHaveBeenCalledWith(expect.objectContaining({ kind: 'node' }));
});

it('says that nothing has a name', async () => {
  const { type } = await openPalette(10, 'nodes');
  await type('zzz');
  expect(await screen.findByText('Nothing has this name')).toBeDefined();
});
