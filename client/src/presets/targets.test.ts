import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GroupDraft, RunOrder, RunSummary, Target } from '@muster/protocol/bridge';
import { unwrap } from '@muster/protocol/errors';
import { createEngineBench, type EngineBench } from '../../../test/support/client/engine-bench.ts';
import type { Engine } from '../engine/engine.ts';

let bench: EngineBench;
let engine: Engine;

beforeEach(async () => {
  bench = await createEngineBench();
  engine = await bench.open({ collectives: ['muster', 'eu'] });
  for (const [identity, os] of Object.entries({ web1: 'Debian', web2: 'Debian', db1: 'RedHat', db2: 'RedHat' }))
    await bench.fleet.add(identity, { facts: { os } });
});
afterEach(() => bench.close());

const group = (name: string, more: Partial<GroupDraft>): GroupDraft => ({
  name,
  description: '',
  tags: [],
  identities: [],
  filter: null,
  groups: [],
  ...more,
});
const save = async (name: string, more: Partial<GroupDraft>) =>
  unwrap(await engine.groups.save({ group: group(name, more) }));

async function run(target: Target, more: Partial<RunOrder> = {}): Promise<{ summary: RunSummary; asked: string[] }> {
  const { runId, finished } = unwrap(
    await engine.runs.start({ agent: 'rpcutil', action: 'ping', inputs: {}, target, timeoutMs: 2000, ...more }),
  );
  const summary = await finished;
  const sort = { by: '@identity', descending: false };
  const { rows } = unwrap(await engine.runs.results({ runId, states: [], search: '', sort, offset: 0, limit: 100 }));
  expect(unwrap(await engine.runs.get(runId)).target).toEqual(summary.target);
  return { summary, asked: rows.map(({ identity }) => identity) };
}

describe('a run on a group', () => {
  it('asks the nodes that it names, without looking for anybody', async () => {
    await save('two', { identities: ['web1', 'db1'] });
    const { summary, asked } = await run({ kind: 'group', name: 'TWO' });
    expect(asked).toEqual(['db1', 'web1']);
    expect(summary).toMatchObject({ discoveryMs: 0, states: { ok: 2 } });
    expect(summary.target).toEqual({
      kind: 'group',
      name: 'two',
      resolved: { identities: ['db1', 'web1'], filter: null },
    });
  });

  it('finds out who matches when it starts, in nested groups too', async () => {
    await save('debian', { filter: 'os=Debian' });
    await save('all', { identities: ['db1'], groups: ['debian'] });
    const target: Target = { kind: 'group', name: 'all' };
    expect((await run(target)).asked).toEqual(['db1', 'web1', 'web2']);
    await bench.fleet.add('web3', { facts: { os: 'Debian' } });
    const { summary, asked } = await run(target);
    expect(asked).toEqual(['db1', 'web1', 'web2', 'web3']);
    expect(summary.target).toMatchObject({ resolved: { identities: ['db1'], filter: 'os=Debian' } });
  });

  it('can be narrowed down, the named nodes too', async () => {
    await save('mixed', { identities: ['web1', 'db1'], filter: '@identity=/2/' });
    const { summary, asked } = await run({ kind: 'group', name: 'mixed', filter: 'os=RedHat' });
    expect(asked).toEqual(['db1', 'db2']);
    expect(summary.target).toMatchObject({ filter: 'os=RedHat' });
  });

  it('can be narrowed down when it names more nodes than a filter can', async () => {
    const many = Array.from({ length: 3000 }, (_unused, index) => `elsewhere${index}`);
    await save('many', { identities: ['web1', 'db1', ...many], filter: '@identity=db2' });
    const { asked } = await run({ kind: 'group', name: 'many', filter: 'os=RedHat' });
    expect(asked).toEqual(['db1', 'db2']);
  });

  it('takes a limit over all of its members', async () => {
    await save('all', { identities: ['db1'], filter: 'os=Debian' });
    const resolved = unwrap(await engine.targets.resolve({ kind: 'group', name: 'all' }));
    const told: string[] = [];
    const found = unwrap(
      await engine.targets.find(resolved, {
        limit: { size: { unit: 'nodes', amount: 2 }, method: 'first' },
        onNode: (identity) => told.push(identity),
      }),
    );
    expect(found.identities).toHaveLength(2);
    expect(found.identities[0]).toBe('db1');
    expect(told).toEqual(found.identities);
  });
});

describe('a run that waits for nodes that are away', () => {
  const untilSoon = () => ({ untilMs: Date.now() + 2000, deliveryMs: 200 });

  beforeEach(async () => {
    const web3 = await bench.fleet.add('web3', { facts: { os: 'Debian' } });
    unwrap(await engine.inventory.refresh());
    await web3.leave();
  });

  it('takes those of a filter, a group and a preset from the inventory', async () => {
    await save('debian', { identities: ['db1'], filter: 'os=Debian' });
    unwrap(await engine.presets.save({ preset: { name: 'deb', description: '', tags: [], filter: 'os=Debian' } }));
    const { summary, asked } = await run({ kind: 'filter', filter: 'os=Debian' }, untilSoon());
    expect(asked).toEqual(['web1', 'web2', 'web3']);
    expect(summary).toMatchObject({ discovery: { method: 'inventory' } });
    expect((await run({ kind: 'preset', name: 'deb' }, untilSoon())).asked).toEqual(['web1', 'web2', 'web3']);
    expect((await run({ kind: 'group', name: 'debian' }, untilSoon())).asked).toEqual(['db1', 'web1', 'web2', 'web3']);
  });

  it('finds them as it is told to, and merely named ones not at all', async () => {
    const order = { ...untilSoon(), discovery: { method: 'broadcast' as const, options: {} } };
    expect((await run({ kind: 'filter', filter: 'os=Debian' }, order)).asked).toEqual(['web1', 'web2']);
    const named = await run({ kind: 'filter', filter: '@identity=web3' }, untilSoon());
    expect(named.asked).toEqual(['web3']);
    expect(named.summary).not.toHaveProperty('discovery');
  });

  it('asks the fleet where only nodes can tell', async () => {
    const resolved = unwrap(await engine.targets.resolve({ kind: 'filter', filter: "fstat('/x').present=true" }));
    expect(engine.targets.choose(resolved, { awaitsAway: true })).toBeUndefined();
  });
});

describe('a run on a preset', () => {
  it('asks whom its filter selects, in the collective and in the way that it says', async () => {
    unwrap(await engine.inventory.refresh());
    const draft = { name: 'redhat', description: '', tags: [], filter: 'os=RedHat' };
    const discovery = { method: 'inventory' as const, options: {} };
    unwrap(await engine.presets.save({ preset: { ...draft, discovery } }));
    await bench.fleet.add('db3', { facts: { os: 'RedHat' } });
    const { summary, asked } = await run({ kind: 'preset', name: 'RedHat', filter: 'not @identity=db2' });
    expect(asked).toEqual(['db1']);
    expect(summary).toMatchObject({
      collective: 'muster',
      discovery,
      target: { kind: 'preset', name: 'redhat', filter: 'not @identity=db2', resolved: { filter: 'os=RedHat' } },
    });
    unwrap(await engine.presets.save({ previousName: 'redhat', preset: { ...draft, collective: 'eu' } }));
    expect((await run({ kind: 'preset', name: 'redhat' })).summary.collective).toBe('eu');
  });

  it('or a group that is not there does not begin', async () => {
    const order = { agent: 'rpcutil', action: 'ping', inputs: {} };
    for (const kind of ['preset', 'group'] as const) {
      expect(await engine.runs.start({ ...order, target: { kind, name: 'x' } })).toMatchObject({
        ok: false,
        error: { code: `${kind}.unknown` },
      });
    }
  });

  it('is found in the history by its name and by its filter', async () => {
    unwrap(await engine.presets.save({ preset: { name: 'red', description: '', tags: [], filter: 'os=RedHat' } }));
    await run({ kind: 'preset', name: 'red' });
    for (const search of ['red', 'RedHat'])
      expect(unwrap(await engine.runs.list({ search, offset: 0, limit: 9 })).total).toBe(1);
    expect(unwrap(await engine.runs.list({ search: 'Debian', offset: 0, limit: 9 })).total).toBe(0);
  });
});
