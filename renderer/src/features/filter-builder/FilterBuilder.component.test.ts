// @vitest-environment jsdom
import '../../../test/components/dom.ts';
import { fireEvent, render, screen, within } from '@testing-library/svelte';
import { tick } from 'svelte';
import { describe, expect, it } from 'vitest';
import BuilderBench from '../../../test/components/BuilderBench.svelte';
import { createWindowRig } from '../../../test/window-rig.ts';
import { FilterState } from '../filter-editor/filter-state.svelte.ts';

async function openBuilder(text: string) {
  const rig = createWindowRig();
  const filter = new FilterState(rig.bridge, rig.clock, text);
  render(BuilderBench, { bridge: rig.bridge, filter });
  const settled = async () => {
    await rig.settled();
    await tick();
  };
  await settled();
  const rows = () => screen.queryAllByTestId('builder-row');
  const row = (index: number) => {
    const found = rows()[index];
    if (found === undefined) throw new Error(`no row ${index}`);
    return within(found);
  };
  /** Types into a field that proposes, as far as given. */
  const type = async (field: HTMLElement, value: string) => {
    await fireEvent.input(field, { target: { value } });
    await settled();
  };
  const shown = () =>
    rows().map((one) =>
      ['Fact', 'Value'].map((name) => within(one).getByRole<HTMLInputElement>('combobox', { name }).value),
    );
  return { ...rig, filter, settled, row, rows, type, shown };
}

describe('the filter builder', () => {
  it('names its groups, rows and fields, and says how conditions are joined', async () => {
    const { row } = await openBuilder('role=web and (os.name=Debian or os.name=SLES)');
    expect(screen.getByRole('region', { name: 'Filter builder' })).toBeDefined();
    const whole = screen.getByRole('group', { name: 'The whole filter' });
    const inner = within(whole).getByRole('group', { name: 'Group, level 1' });
    expect(within(inner).getByRole('button', { name: 'Any of' }).getAttribute('aria-pressed')).toBe('true');
    expect(row(0).getByRole('combobox', { name: 'Fact' })).toHaveProperty('value', 'role');
    expect(row(2).getByRole('combobox', { name: 'Value' })).toHaveProperty('value', 'SLES');
    expect(row(0).getByRole('combobox', { name: 'Comparison' }).textContent).toContain('is');
  });

  it('puts a filter together from what the fleet has, by keyboard alone', async () => {
    const { filter, row, type, settled } = await openBuilder('');
    await fireEvent.click(screen.getByRole('button', { name: 'Condition' }));
    const fact = row(0).getByRole('combobox', { name: 'Fact' });
    await type(fact, 'datac');
    // Hidden: jsdom knows no top layer.
    expect(row(0).getByRole('listbox', { name: 'Fact', hidden: true }).textContent).toContain('datacenter');
    await fireEvent.keyDown(fact, { key: 'ArrowDown' });
    const active = document.getElementById(fact.getAttribute('aria-activedescendant') ?? '');
    expect(active?.dataset['key']).toBe('datacenter');
    await fireEvent.keyDown(fact, { key: 'Enter' });
    expect(fact).toHaveProperty('value', 'datacenter');
    const value = row(0).getByRole('combobox', { name: 'Value' });
    await type(value, 'fr');
    await fireEvent.keyDown(value, { key: 'ArrowDown' });
    await fireEvent.keyDown(value, { key: 'Enter' });
    await settled();
    expect(filter.text).toBe('datacenter=fra');
  });

  it('follows the text as somebody types it, and stands still while that cannot be read', async () => {
    const { filter, settled, shown, rows } = await openBuilder('role=web');
    filter.set('role=db and os.name=Debian');
    await settled();
    expect(shown()).toEqual([
      ['role', 'db'],
      ['os.name', 'Debian'],
    ]);
    filter.set('role=db and (');
    await settled();
    expect(screen.getByRole('status').textContent).toContain('The text cannot be read');
    expect(rows()).toHaveLength(2);
    expect(screen.getByRole('region', { name: 'Filter builder' }).dataset['behind']).toBe('true');
    filter.set('role=db');
    await settled();
    expect(screen.queryByRole('status')).toBeNull();
    expect(rows()).toHaveLength(1);
  });

  it('writes the text with every change: other values, groups, turned round, removed', async () => {
    const { filter, row, type, settled } = await openBuilder('role=web and os.name=Debian');
    await type(row(0).getByRole('combobox', { name: 'Value' }), 'db');
    expect(filter.text).toBe('role=db and os.name=Debian');
    await fireEvent.click(row(1).getByRole('button', { name: 'not' }));
    expect(filter.text).toBe('role=db and not os.name=Debian');
    await fireEvent.click(screen.getByRole('button', { name: 'Any of' }));
    expect(filter.text).toBe('role=db or not os.name=Debian');
    await fireEvent.click(row(0).getByRole('button', { name: 'Remove' }));
    await settled();
    expect(filter.text).toBe('not os.name=Debian');
  });

  it('moves a row with Alt and arrows, and keeps the keyboard on it', async () => {
    const { filter, row, shown, settled } = await openBuilder('role=web and os.name=Debian and virtual=kvm');
    const grip = row(0).getByRole('button', { name: 'Move' });
    grip.focus();
    await fireEvent.keyDown(grip, { key: 'ArrowDown', altKey: true });
    await settled();
    expect(filter.text).toBe('os.name=Debian and role=web and virtual=kvm');
    expect(shown().map(([fact]) => fact)).toEqual(['os.name', 'role', 'virtual']);
    expect(document.activeElement).toBe(row(1).getByRole('button', { name: 'Move' }));
  });

  it('shows what is wrong with a row at the row', async () => {
    const { filter, row, type } = await openBuilder('os.name=~/Deb/');
    const value = row(0).getByRole('combobox', { name: 'Regular expression' });
    await type(value, '(');
    expect(value.getAttribute('aria-invalid')).toBe('true');
    expect(row(0).getByTestId('builder-fault').textContent).not.toBe('');
    await type(value, '(Deb)');
    expect(value.getAttribute('aria-invalid')).toBe('false');
    expect(filter.text).toBe('os.name=~/(Deb)/');
  });
});
