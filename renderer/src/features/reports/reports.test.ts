import { expect, it } from 'vitest';
import { createWindowRig } from '../../../test/window-rig.ts';
import { fleetScopes } from '../fleet-grid/fleet-scopes.ts';
import { ReportsState } from './reports-state.svelte.ts';

const of = { kind: 'inventory', filter: '', sort: { by: '@identity', descending: false } } as const;

it('ReportsState fetches what this window ordered once it is ready, and only once', async () => {
  const rig = createWindowRig();
  const fetched: string[] = [];
  const state = new ReportsState(rig.bridge, (address) => fetched.push(address));
  expect(await state.start(of, 'csv')).toEqual({ ok: true, value: 'report-1' });
  rig.engine.changed();
  await rig.settled();
  expect(state.jobs).toMatchObject([{ reportId: 'report-1', state: 'writing' }]);
  expect(fetched).toEqual([]);
  rig.engine.reports.finish('report-1');
  rig.engine.changed();
  await rig.settled();
  rig.engine.changed();
  await rig.settled();
  expect(fetched).toEqual(['/report/report-1']);
  await state.fetch('report-1');
  expect(fetched).toHaveLength(2);
  await state.dismiss('report-1');
  expect(state.jobs).toEqual([]);
  state.dispose();
});

it('ReportsState leaves alone what another window ordered, and what lies where a person chose', async () => {
  const rig = createWindowRig();
  const fetched: string[] = [];
  rig.engine.reports.start(of, 'html');
  const state = new ReportsState(rig.bridge, (address) => fetched.push(address));
  await state.start(of, 'pdf');
  rig.engine.reports.finish('report-1');
  rig.engine.reports.finish('report-2', { file: '/home/alice/run.pdf' });
  rig.engine.changed();
  await rig.settled();
  expect(state.jobs.map((job) => job.state)).toEqual(['ready', 'ready']);
  expect(fetched).toEqual([]);
  state.dispose();
});

it('offers the nearest nodes of the fleet first', () => {
  const grid = (keys: readonly string[]) =>
    ({
      selection: { size: keys.length, keys: new Set(keys) },
      layout: { facts: ['os.name'], widths: {} },
      sort: { by: 'os.name', descending: true },
    }) as unknown as Parameters<typeof fleetScopes>[0]; // what scopes are made of
  const ids = (...given: Parameters<typeof fleetScopes>) => fleetScopes(...given).map(({ id, count }) => [id, count]);
  expect(ids(grid([]), { filter: '', matching: 7 })).toEqual([['all', 7]]);
  expect(ids(grid(['a']), { filter: 'role=web', matching: 3 })).toEqual([
    ['selected', 1],
    ['matching', 3],
    ['all', null],
  ]);
  const [selected] = fleetScopes(grid(['a']), { filter: 'role=web', matching: 3 });
  expect(selected.of).toEqual({
    kind: 'inventory',
    filter: '',
    identities: ['a'],
    sort: { by: 'os.name', descending: true },
    columns: ['identity', 'agent_version', 'last_seen', 'facts.os.name'],
  });
});
