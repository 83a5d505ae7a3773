import { expect, it, vi } from 'vitest';
import { createWindowRig } from '../../../test/window-rig.ts';
import { enterFleet } from './enter-fleet.ts';
import { FleetsState } from './fleets-state.svelte.ts';

const production = { name: 'production', home: '/p', colour: 'red', isSetUp: true } as const;
const staging = { name: 'staging', home: '/s', colour: 'none', isSetUp: false } as const;

async function watch(list: object = {}) {
  const rig = createWindowRig(3);
  rig.engine.fleets.list = { ...rig.engine.fleets.list, ...list };
  const enter = vi.fn();
  const fleets = new FleetsState(rig.bridge, enter);
  await fleets.read();
  return { ...rig, fleets, enter };
}

it('who has one fleet is told nothing of it, unless it was given a name or a colour', async () => {
  const { fleets } = await watch();
  expect([fleets.isTold, fleets.others, fleets.flag]).toEqual([false, [], '']);
  await fleets.paint('default', 'red');
  expect(fleets.isTold).toBe(true);
  await fleets.paint('default', 'none');
  await fleets.rename('default', 'production');
  expect([fleets.isTold, fleets.here?.label, fleets.flag]).toEqual([true, 'production', ' --profile production']);
});

it('goes on with the session of another fleet, and only when it could be opened', async () => {
  const { fleets, engine, enter } = await watch({ profiles: [production, staging], here: 'production', home: '/p' });
  expect(fleets.others).toMatchObject([{ name: 'staging', isSetUp: false }]);
  await fleets.open({ name: 'gone', label: 'gone' });
  expect([fleets.fault?.code, enter.mock.calls]).toEqual(['profile.unknown', []]);
  await fleets.open({ name: 'staging', label: 'staging' });
  expect([fleets.fault, enter.mock.calls, engine.fleets.opened]).toEqual([null, [['session of staging']], ['staging']]);
});

it('leads back to a home that has no name', async () => {
  const known = { profiles: [production], unnamedHome: '/srv/some fleet/' };
  const inside = await watch({ ...known, here: null, home: '/srv/some fleet/' });
  expect(inside.fleets.flag).toBe(" --home '/srv/some fleet/'");
  expect([inside.fleets.here?.label, inside.fleets.others.map(({ name }) => name)]).toEqual([
    'some fleet',
    ['production'],
  ]);
  const outside = await watch({ ...known, here: 'production', home: '/p' });
  expect(outside.fleets.others).toMatchObject([{ name: null, label: 'some fleet' }]);
});

it('adds a fleet and opens it; one that cannot be added stays where it is', async () => {
  const { fleets, engine, enter } = await watch();
  expect(await fleets.add({ name: 'default', colour: 'none' })).toBe(false);
  expect([fleets.fault?.code, engine.fleets.opened]).toEqual(['profile.taken', []]);
  expect(await fleets.add({ name: 'staging', colour: 'blue', home: '/s' })).toBe(true);
  expect(fleets.list?.profiles.at(-1)).toMatchObject({ name: 'staging', home: '/s', colour: 'blue' });
  expect(enter).toHaveBeenCalledOnce();
  await fleets.use('staging');
  expect(fleets.list?.present).toBe('staging');
  await fleets.forget('default');
  expect(fleets.list?.profiles).toHaveLength(1);
});

it('what a tab remembered of a fleet does not come along to another', () => {
  const stored = new Map([['muster.draft', '{"target":{}}']]);
  const reload = vi.fn();
  const replaceState = vi.fn();
  enterFleet(
    {
      sessionStorage: { clear: () => stored.clear(), setItem: (key, value) => void stored.set(key, value) },
      history: { replaceState },
      location: { pathname: '/', search: '', reload },
    },
    'secret',
  );
  expect([...stored]).toEqual([['muster.session', 'secret']]);
  expect(replaceState).toHaveBeenCalledWith(null, '', '/#/fleet');
  expect(reload).toHaveBeenCalledOnce();
});
