import { expect, it } from 'vitest';
import { createWindowRig } from '../../../test/window-rig.ts';
import { SelectionsState } from '../selections/selections-state.svelte.ts';
import { PinsState } from './pins-state.svelte.ts';

const named = (name: string) => ({ name, description: '', tags: [], filter: 'role=web' });
const shownBy = (pins: PinsState) => pins.shown.map(({ kind, name }) => `${kind} ${name}`);

it('keeps what is pinned over a restart, under new names, and while it is deleted', async () => {
  const { bridge, settled } = createWindowRig();
  const selections = new SelectionsState(bridge);
  const pins = new PinsState(bridge);
  await selections.savePreset(named('Web'));
  await selections.saveGroup({ ...named('Web'), identities: [], groups: [] });
  pins.toggle('group', 'Web');
  pins.toggle('preset', 'Web');
  await settled();
  expect(shownBy(pins)).toEqual(['group Web', 'preset Web']);

  await selections.savePreset(named('Front'), 'Web');
  pins.rename('preset', 'Web', 'Front');
  await settled();
  expect(shownBy(pins)).toEqual(['group Web', 'preset Front']);

  const [preset] = selections.presets ?? [];
  if (preset !== undefined) await selections.removePreset(preset);
  await settled();
  expect(shownBy(pins)).toEqual(['group Web']);
  await selections.restore();
  await settled();
  expect(shownBy(pins)).toEqual(['group Web', 'preset Front']);

  pins.toggle('group', 'Web');
  pins.dispose();
  const later = new PinsState(bridge);
  const other = new PinsState(bridge);
  await settled();
  expect(shownBy(later)).toEqual(['preset Front']);
  expect(later.has('group', 'Web')).toBe(false);

  other.toggle('preset', 'Front');
  await settled();
  expect(shownBy(later)).toEqual(['preset Front']);
  await later.read();
  expect(shownBy(later)).toEqual([]);
  other.dispose();
  later.dispose();
  selections.dispose();
});
