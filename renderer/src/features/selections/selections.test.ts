import type { PresetDraft } from '@muster/protocol/bridge';
import { describe, expect, it } from 'vitest';
import { createWindowRig } from '../../../test/window-rig.ts';
import { GroupFormState, tagsOf } from './group-form-state.svelte.ts';
import { groupDraft, holdsWords, SelectionsState } from './selections-state.svelte.ts';

const preset = (name: string, more: Partial<PresetDraft> = {}): PresetDraft => ({
  name,
  description: '',
  tags: [],
  filter: 'role=web',
  ...more,
});
const emptyGroup = { name: '', description: '', tags: [], identities: [], filter: null, groups: [] };

it('reads tags and looks for words', () => {
  expect(tagsOf(' web,  eu ,web,')).toEqual(['web', 'eu']);
  expect(holdsWords('WEB eu', ['the web', 'in eu'])).toBe(true);
  expect(holdsWords('web us', ['the web', 'in eu'])).toBe(false);
});

describe('SelectionsState', () => {
  it('saves, renames, refuses names that are taken, deletes and brings back', async () => {
    const { bridge, settled } = createWindowRig();
    const selections = new SelectionsState(bridge);
    await selections.savePreset(preset('Web'));
    await selections.savePreset(preset('Old'));
    const taken = await selections.savePreset(preset('web'), 'Old');
    expect(taken.ok ? '' : taken.error.code).toBe('preset.taken');
    await selections.savePreset(preset('New', { filter: 'role=db' }), 'Old');
    expect(selections.presets?.map(({ name }) => name)).toEqual(['New', 'Web']);
    const [first] = selections.presets ?? [];
    if (first !== undefined) await selections.removePreset(first);
    expect(selections.presets?.map(({ name }) => name)).toEqual(['Web']);
    await selections.restore();
    expect(selections.presets?.find(({ name }) => name === 'New')?.filter).toBe('role=db');
    expect(selections.removed).toBeNull();
    const exported = await selections.exported();
    expect(exported.ok && JSON.parse(exported.value)).toMatchObject({ protocol: 'muster.presets.v1' });
    const imported = await selections.imported('{', 'keep');
    expect(imported.ok ? '' : imported.error.code).toBe('preset.malformed');
    selections.dispose();
    await settled();
  });

  it('hears of changes elsewhere, and says why a group stays', async () => {
    const { bridge, settled } = createWindowRig();
    const selections = new SelectionsState(bridge);
    const elsewhere = new SelectionsState(bridge);
    await elsewhere.saveGroup({ ...emptyGroup, name: 'inner', filter: 'role=web' });
    await elsewhere.saveGroup({ ...emptyGroup, name: 'outer', groups: ['inner'] });
    await settled();
    const counts = selections.groups?.map(({ members }) => members) ?? [];
    expect(selections.groups?.map(({ name }) => name)).toEqual(['inner', 'outer']);
    expect(counts[0]).toBeGreaterThan(0);
    expect(counts[1]).toBe(counts[0]);
    await selections.removeGroup('inner');
    expect(selections.fault?.code).toBe('group.in_use');
    selections.dispose();
    elsewhere.dispose();
    await settled();
  });
});

describe('GroupFormState', () => {
  it('previews who would be in it', async () => {
    const { bridge, clock, engine, settled } = createWindowRig();
    const name = engine.nodes[0]?.identity ?? '';
    const form = new GroupFormState(bridge, clock, { ...emptyGroup, identities: [name] });
    clock.move(250);
    await settled();
    expect(form.members).toEqual({ total: 1, identities: [name] });
    expect(form.canSave).toBe(false);
    form.setName('mine');
    form.setIdentities(`${name}\nwh@t`);
    clock.move(250);
    await settled();
    expect(form.unreadable).toHaveLength(1);
    expect(form.canSave).toBe(false);
    form.setIdentities(name);
    form.setHasFilter(true);
    form.filter.set('role=db');
    clock.move(250);
    await settled();
    expect(form.canSave).toBe(true);
    expect(form.members?.total).toBeGreaterThan(1);
    expect(form.draft).toMatchObject({ name: 'mine', identities: [name], filter: 'role=db' });
    form.dispose();
    expect(clock.pending).toBe(0);
  });

  it('leaves out of a stored group what is not written', () => {
    const listed = { ...emptyGroup, name: 'g', members: 3, createdAtMs: 1, updatedAtMs: 2 };
    expect(groupDraft(listed)).toEqual({ ...emptyGroup, name: 'g' });
  });
});
