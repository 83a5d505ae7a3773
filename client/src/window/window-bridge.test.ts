import { afterEach, beforeEach, expect, it } from 'vitest';
import { createBridgeClient, type BridgeClient, type Dispatcher, type RunSummary } from '@muster/protocol/bridge';
import { ok, unwrap } from '@muster/protocol/errors';
import { createEngineBench, startTimer, type EngineBench } from '../../../test/support/client/engine-bench.ts';
import { fakeAgents } from '../../../test/support/client/fake-fleet.ts';
import { openGuard } from '../../../test/support/client/open-guard.ts';
import { browserReports } from '../../../test/support/client/browser-reports.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { createWindowBridge } from './window-bridge.ts';

let bench: EngineBench;
let bridge: Dispatcher;
let window: BridgeClient;
const defects: unknown[] = [];

beforeEach(async () => {
  bench = await createEngineBench();
  const engine = await bench.open();
  defects.length = 0;
  const guard = await openGuard(() => Promise.resolve(ok(engine)));
  bridge = createWindowBridge(guard, {
    startTimer,
    reports: browserReports,
    onDefect: (name, thrown) => defects.push([name, thrown]),
  });
  const pause = (ms: number) => new Promise<void>((resolve) => startTimer(ms, resolve));
  window = createBridgeClient((name, payload) => bridge.dispatch(name, payload, 'window'), pause);
});
afterEach(async () => {
  bridge.close();
  await bench.close();
  expect(defects).toEqual([]);
});

it('serves a window from the first look at the fleet to the answers of a run', async () => {
  await bench.fleet.add('web01', { facts: { os: { family: 'Debian' } }, classes: ['base'] });
  await bench.fleet.add('web02', { facts: { os: { family: 'RedHat' } } });
  const totals: number[] = [];
  const stop = window.follow('fleet.changes', {}, ({ total }) => totals.push(total));
  expect(unwrap(await window.call('session.get', {}))).toMatchObject({
    person: 'alice',
    collectives: ['muster'],
    connection: { status: 'up' },
  });
  expect(await window.call('fleet.refresh', {})).toEqual({ ok: true, value: { nodes: 2, updated: 2 } });
  expect(unwrap(await window.call('fleet.count', { filter: 'os.family=Debian' }))).toEqual({
    matching: 1,
    total: 2,
    needsFleet: false,
  });
  const slice = { sort: { by: '@identity', descending: true }, offset: 0, limit: 10 };
  const { rows } = unwrap(await window.call('fleet.list', { filter: '', columns: ['os.family'], ...slice }));
  expect(rows.map(({ identity, facts }) => `${identity} ${facts['os.family'] ?? ''}`)).toEqual([
    'web02 RedHat',
    'web01 Debian',
  ]);
  expect(unwrap(await window.call('fleet.node', { identity: 'web01' })).classes).toEqual(['base']);
  expect(unwrap(await window.call('fleet.factPaths', {}))).toEqual({
    paths: [
      { value: 'os', nodes: 2, types: ['hash'] },
      { value: 'os.family', nodes: 2, types: ['text'] },
    ],
  });
  expect(unwrap(await window.call('fleet.factValues', { path: 'os.family', limit: 1 }))).toMatchObject({ distinct: 2 });
  expect(unwrap(await window.call('fleet.classes', {}))).toEqual({ classes: [{ value: 'base', nodes: 1 }] });
  expect(unwrap(await window.call('fleet.collectives', { filter: 'os.family=Debian' }))).toEqual({
    collectives: [{ value: 'muster', nodes: 1 }],
  });
  expect(unwrap(await window.call('fleet.facets', { filter: '', paths: ['os.family'], limit: 1 }))).toMatchObject({
    matching: 2,
    facts: [{ path: 'os.family', distinct: 2 }],
    classes: { values: [{ value: 'base', nodes: 1 }] },
  });
  expect(unwrap(await window.call('fleet.resolve', { text: 'web[01-02], db9\n!?' }))).toMatchObject({
    known: ['web01', 'web02'],
    unknown: ['db9'],
    malformed: [{ text: '!?' }],
  });
  expect(unwrap(await window.call('actions.list', {})).agents).toEqual(
    fakeAgents.map((ddl) => ({ ddl, nodes: 2, versions: [{ version: ddl.version, nodes: 2 }] })),
  );

  const order = { agent: 'rpcutil', action: 'ping', inputs: {}, target: { kind: 'filter' as const, filter: '' } };
  const { runId } = unwrap(await window.call('runs.start', order));
  const seen: RunSummary[] = [];
  const stopRun = window.follow('runs.changes', { runId }, (summary) => seen.push(summary));
  await eventually(() => expect(seen.at(-1)).toMatchObject({ state: 'finished', states: { ok: 2 } }));
  expect(unwrap(await window.call('runs.get', { runId }))).toEqual(seen.at(-1));
  expect(unwrap(await window.call('runs.list', { search: '', offset: 0, limit: 10 }))).toMatchObject({
    total: 1,
    runs: [{ runId }],
  });
  const results = unwrap(await window.call('runs.results', { runId, states: ['ok'], search: '', ...slice }));
  expect(results).toMatchObject({ total: 2, rows: [{ identity: 'web02', data: { pong: 1 } }, { identity: 'web01' }] });
  expect(unwrap(await window.call('runs.result', { runId, identity: 'web01' })).outcome).toBe('ok');
  await eventually(() => expect(totals.at(-1)).toBe(2));
  stop();
  stopRun();
});

it('tells who ought to have answered and who else did', async () => {
  const gone = await bench.fleet.add('web01', { facts: { os: 'Debian' } });
  const changed = await bench.fleet.add('web02', { facts: { os: 'RedHat' } });
  unwrap(await window.call('fleet.refresh', {}));
  await gone.leave();
  changed.facts = { os: 'Debian' };
  expect(unwrap(await window.call('fleet.discover', { filter: 'os=Debian', timeoutMs: 400 }))).toMatchObject({
    identities: ['web02'],
    missing: ['web01'],
    surplus: ['web02'],
  });
});

it('tells of the connection as it comes and goes', async () => {
  const states: string[] = [];
  const stop = window.follow('session.changes', {}, ({ status }) => states.push(status));
  await eventually(() => expect(states).toEqual(['up']));
  bench.broker.stop();
  await eventually(() => expect(states).toEqual(['up', 'down']));
  stop();
});

it('keeps presets and groups, and tells every window that they changed', async () => {
  unwrap(await window.call('fleet.refresh', {}));
  const other = await bench.open();
  const revisions: number[] = [];
  const stop = window.follow('presets.changes', {}, ({ revision }) => revisions.push(revision));
  await eventually(() => expect(revisions).toEqual([0]));
  const described = { description: '', tags: ['x'] };
  const preset = { ...described, name: 'web', filter: 'os=Debian' };
  expect(unwrap(await window.call('presets.save', { preset })).preset).toMatchObject(preset);
  const group = { ...described, name: 'all', identities: ['web09'], filter: null, groups: [] };
  unwrap(await window.call('groups.save', { group }));
  await eventually(() => expect(revisions.at(-1)).toBe(2));
  expect(unwrap(await window.call('presets.list', {})).presets).toMatchObject([preset]);
  expect(unwrap(await window.call('groups.list', {})).groups).toMatchObject([{ ...group, members: 1 }]);
  expect(await window.call('groups.members', { of: { kind: 'name', name: 'ALL' }, limit: 5 })).toEqual({
    ok: true,
    value: { total: 1, identities: ['web09'] },
  });
  const { document } = unwrap(await window.call('presets.export', {}));
  unwrap(await window.call('presets.remove', { name: 'web' }));
  unwrap(await window.call('groups.remove', { name: 'all' }));
  expect(await window.call('presets.import', { document, mode: 'keep' })).toEqual({
    ok: true,
    value: { added: 2, replaced: 0, kept: 0 },
  });
  expect(unwrap(await other.presets.list())).toHaveLength(1);
  expect(await window.call('presets.import', { document: 7, mode: 'keep' })).toMatchObject({
    ok: false,
    error: { code: 'preset.malformed' },
  });
  stop();
});

it('keeps preferences, and hands refusals to the window as they are', async () => {
  expect(await window.call('preferences.get', { key: 'theme' })).toEqual({ ok: true, value: { value: null } });
  unwrap(await window.call('preferences.set', { key: 'theme', value: 'dark' }));
  expect(await window.call('preferences.get', { key: 'theme' })).toEqual({ ok: true, value: { value: 'dark' } });
  expect(await window.call('fleet.count', { filter: 'os =' })).toMatchObject({
    ok: false,
    error: { code: 'filter.syntax' },
  });
  expect(await window.call('fleet.discover', { filter: '(' })).toMatchObject({
    ok: false,
    error: { code: 'filter.syntax' },
  });
  expect(await window.call('runs.get', { runId: '0'.repeat(32) })).toMatchObject({
    ok: false,
    error: { code: 'run.unknown' },
  });
});
