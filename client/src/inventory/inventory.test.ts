import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DataDdl } from '@muster/protocol/ddl';
import { unwrap } from '@muster/protocol/errors';
import { parseFilter } from '@muster/protocol/filter';
import { createEngineBench, startTimer, type EngineBench } from '../../../test/support/client/engine-bench.ts';
import { fakeAgents, type FakeNodeOptions } from '../../../test/support/client/fake-fleet.ts';
import { eventually } from '../../../test/support/eventually.ts';
import type { FleetRevision } from '../engine/parts/inventory.ts';

let bench: EngineBench;
beforeEach(async () => {
  bench = await createEngineBench();
});
afterEach(() => bench.close());

const debian: FakeNodeOptions = {
  facts: { os: { family: 'Debian', release: { major: '12' } }, cpus: 4, ips: ['10.0.0.1', '10.0.0.2'] },
  classes: ['role::web', 'base'],
};
const redhat: FakeNodeOptions = { facts: { os: { family: 'RedHat' }, cpus: 16, 'a.b': 'dotted' }, classes: ['base'] };
const row = (identity: string, facts: Record<string, string | null>) => ({ identity, facts, agentVersion: '0.1.0' });

describe('a refresh', () => {
  it('learns facts, classes, agents and DDLs of the whole fleet', async () => {
    await bench.fleet.add('web01', debian);
    await bench.fleet.add('db01', redhat);
    const { inventory } = await bench.open();
    expect(await inventory.refresh()).toEqual({ ok: true, value: { nodes: 2, updated: 2 } });
    expect(unwrap(await inventory.node('web01'))).toMatchObject({
      identity: 'web01',
      facts: debian.facts,
      classes: debian.classes,
      collectives: ['muster'],
      agents: [
        { name: 'discovery', version: '1.2.3' },
        { name: 'rpcutil', version: '1.2.3' },
      ],
      agentVersion: '0.1.0',
      syncedAtMs: expect.any(Number) as number,
      clockSkewMs: expect.any(Number) as number,
    });
    expect(await inventory.node('nosuch')).toMatchObject({ ok: false, error: { code: 'node.unknown' } });
    expect(unwrap(await inventory.agents())).toEqual([
      { ddl: fakeAgents[0], nodes: 2, versions: [{ version: '1.2.3', nodes: 2 }] },
      { ddl: fakeAgents[1], nodes: 2, versions: [{ version: '1.2.3', nodes: 2 }] },
    ]);
  });

  it('learns the data plugins of the fleet, each version with its nodes', async () => {
    const fact = (version: string): DataDdl => ({
      kind: 'data',
      name: 'fact',
      description: 'For tests',
      author: 'Muster',
      license: 'Apache-2.0',
      version,
      url: 'https://example.com',
      timeout: 1,
      query: null,
      outputs: {},
    });
    await bench.fleet.add('web01', { dataPlugins: [fact('1.0.0')] });
    await bench.fleet.add('web02', { dataPlugins: [fact('1.0.0')] });
    await bench.fleet.add('web03', { dataPlugins: [fact('1.1.0')] });
    await bench.fleet.add('old01');
    const { inventory } = await bench.open();
    unwrap(await inventory.refresh());
    const [plugin, ...others] = unwrap(await inventory.dataPlugins());
    expect(others).toEqual([]);
    expect(plugin?.name).toBe('fact');
    expect(plugin?.versions.map(({ ddl, nodes }) => [ddl.version, nodes])).toEqual([
      ['1.0.0', 2],
      ['1.1.0', 1],
    ]);
    expect(unwrap(await inventory.agents()).map(({ ddl }) => ddl.name)).toEqual(['discovery', 'rpcutil']);
  });

  it('reads nodes again only when their digests differ', async () => {
    const node = await bench.fleet.add('web01', debian);
    await bench.fleet.add('db01', redhat);
    const { inventory } = await bench.open();
    unwrap(await inventory.refresh());
    expect(await inventory.refresh()).toEqual({ ok: true, value: { nodes: 2, updated: 0 } });
    node.facts = { ...node.facts, cpus: 8 };
    expect(await inventory.refresh()).toEqual({ ok: true, value: { nodes: 2, updated: 1 } });
    expect(unwrap(await inventory.node('web01')).facts['cpus']).toBe(8);
  });

  it('without a connection says so', async () => {
    const { inventory } = await bench.open();
    bench.broker.stop();
    expect(await inventory.refresh()).toMatchObject({ ok: false, error: { code: 'broker.closed' } });
  });

  it('passes over nodes that answer nonsense', async () => {
    await bench.fleet.add('web01', debian);
    await bench.fleet.add('odd', {
      answer: (request, usual) => (request.action === 'inventory' ? { ...usual, data: { facts: 'none' } } : usual),
    });
    const { inventory } = await bench.open();
    expect(await inventory.refresh()).toEqual({ ok: true, value: { nodes: 2, updated: 1 } });
    expect(unwrap(await inventory.node('odd'))).toMatchObject({ syncedAtMs: null, facts: {} });
  });
});

describe('what is known', () => {
  it('is counted, listed, sorted and sliced by filter', async () => {
    await bench.fleet.add('web01', debian);
    await bench.fleet.add('web02', debian);
    await bench.fleet.add('db01', redhat);
    const { inventory } = await bench.open();
    unwrap(await inventory.refresh());
    expect(await inventory.count('os.family=Debian')).toEqual({
      ok: true,
      value: { matching: 2, total: 3, needsFleet: false },
    });
    expect(await inventory.count('@agent=rpcutil and @class=role::web')).toMatchObject({ value: { matching: 2 } });
    expect(await inventory.count('os =')).toMatchObject({ ok: false, error: { code: 'filter.syntax' } });
    expect(unwrap(await inventory.identities(''))).toEqual(['db01', 'web01', 'web02']);

    const list = async (by: string, descending: boolean, offset = 0, limit = 10) => {
      const columns = ['os.family', 'cpus', 'os.release', 'a\\.b'];
      return unwrap(await inventory.list({ filter: '', columns, sort: { by, descending }, offset, limit }));
    };
    const db01 = row('db01', { 'os.family': 'RedHat', cpus: '16', 'os.release': null, 'a\\.b': 'dotted' });
    const web = { 'os.family': 'Debian', cpus: '4', 'os.release': '{"major":"12"}', 'a\\.b': null };
    expect(await list('@identity', false)).toMatchObject({
      matching: 3,
      total: 3,
      rows: [db01, row('web01', web), row('web02', web)],
    });
    expect((await list('@identity', true)).rows.map(({ identity }) => identity)).toEqual(['web02', 'web01', 'db01']);
    expect((await list('cpus', false)).rows.map(({ identity }) => identity)).toEqual(['web01', 'web02', 'db01']);
    expect((await list('os.release.major', true)).rows.at(-1)?.identity).toBe('db01');
    expect((await list('@lastSeen', true, 1, 1)).rows).toHaveLength(1);
  });

  it('is summed up as fact paths, values and classes', async () => {
    await bench.fleet.add('web01', debian);
    await bench.fleet.add('db01', redhat);
    const { inventory } = await bench.open();
    unwrap(await inventory.refresh());
    expect(unwrap(await inventory.factPaths())).toEqual([
      { value: 'a\\.b', nodes: 1, types: ['text'] },
      { value: 'cpus', nodes: 2, types: ['number'] },
      { value: 'ips', nodes: 1, types: ['list'] },
      { value: 'os', nodes: 2, types: ['hash'] },
      { value: 'os.family', nodes: 2, types: ['text'] },
      { value: 'os.release', nodes: 1, types: ['hash'] },
      { value: 'os.release.major', nodes: 1, types: ['text'] },
    ]);
    expect(unwrap(await inventory.factValues('ips', 1))).toEqual({
      values: [{ value: '10.0.0.1', nodes: 1 }],
      distinct: 2,
    });
    expect(unwrap(await inventory.classes())).toEqual([
      { value: 'base', nodes: 2 },
      { value: 'role::web', nodes: 1 },
    ]);
  });

  it('is seen by another engine on the same database, change by change', async () => {
    const node = await bench.fleet.add('web01', debian);
    const [first, second] = [await bench.open(), await bench.open()];
    unwrap(await first.inventory.refresh());
    expect(await second.inventory.count('cpus=4')).toMatchObject({ value: { matching: 1 } });
    node.facts = { cpus: 5 };
    unwrap(await first.inventory.refresh());
    expect(await second.inventory.count('cpus=4')).toMatchObject({ value: { matching: 0, total: 1 } });
  });
});

describe('an engine that follows the fleet', () => {
  it('looks for the fleet by itself, and hears of nodes that come and change', async () => {
    const first = await bench.fleet.add('web01', debian);
    const { inventory } = await bench.open({ followFleet: true });
    const heard: FleetRevision[] = [];
    inventory.onChange((revision) => heard.push(revision));
    await eventually(async () => expect(await inventory.count('cpus=4')).toMatchObject({ value: { matching: 1 } }));

    const second = await bench.fleet.add('web02', redhat);
    await second.register('started');
    await eventually(async () =>
      expect(await inventory.count('cpus=16')).toMatchObject({ value: { matching: 1, total: 2 } }),
    );

    first.facts = { cpus: 32 };
    await first.register('changed');
    await eventually(async () => expect(await inventory.count('cpus=32')).toMatchObject({ value: { matching: 1 } }));
    await eventually(async () => expect(heard.at(-1)).toEqual(unwrap(await inventory.revision())));
    expect(heard.at(-1)?.total).toBe(2);
  });

  it('learns the DDLs of a new version of an agent', async () => {
    const agents = fakeAgents.map((ddl) => ({ ...ddl, version: '2.0.0' }));
    await bench.fleet.add('web01', { agents });
    const { inventory } = await bench.open();
    unwrap(await inventory.refresh());
    expect(unwrap(await inventory.node('web01')).agents).toContainEqual({ name: 'rpcutil', version: '2.0.0' });
    expect(unwrap(await inventory.agent('rpcutil')).version).toBe('2.0.0');
  });

  it('tells the versions of an agent among the nodes of a target', async () => {
    const newer = fakeAgents.map((ddl) => (ddl.name === 'rpcutil' ? { ...ddl, version: '1.10.0' } : ddl));
    for (const identity of ['web01', 'web02']) await bench.fleet.add(identity, debian);
    await bench.fleet.add('db01', { ...redhat, agents: newer });
    const { inventory } = await bench.open();
    unwrap(await inventory.refresh());
    const among = async (identities: readonly string[], filter: string | null, within = '') => {
      const meant = {
        identities,
        filter: filter === null ? null : unwrap(parseFilter(filter)),
        within: unwrap(parseFilter(within)),
      };
      const { versions, lacking, unknown } = unwrap(await inventory.agentVersions('rpcutil', meant));
      return [...versions.map(({ ddl, nodes }) => `${ddl.version} on ${nodes}`), `${lacking} ${unknown}`].join(', ');
    };
    expect(await among([], '')).toBe('1.2.3 on 2, 1.10.0 on 1, 0 0');
    expect(await among(['web01', 'db01', 'nobody'], null)).toBe('1.10.0 on 1, 1.2.3 on 1, 0 1');
    expect(await among(['web01'], 'os.family=RedHat')).toBe('1.10.0 on 1, 1.2.3 on 1, 0 0');
    expect(await among(['web01'], '', 'os.family=RedHat')).toBe('1.10.0 on 1, 0 0');
    expect(unwrap(await inventory.agents()).find(({ ddl }) => ddl.name === 'rpcutil')).toMatchObject({
      ddl: { version: '1.2.3' },
      nodes: 3,
      versions: [
        { version: '1.2.3', nodes: 2 },
        { version: '1.10.0', nodes: 1 },
      ],
    });
  });

  it('looks again after it was cut off', async () => {
    const node = await bench.fleet.add('web01', debian);
    const { inventory } = await bench.open({ followFleet: true });
    await eventually(async () => expect(await inventory.agents()).toMatchObject({ value: [{}, {}] }));
    bench.broker.stop();
    node.facts = { cpus: 64 };
    bench.broker.start();
    await eventually(async () => expect(await inventory.count('cpus=64')).toMatchObject({ value: { matching: 1 } }));
  });

  it('leaves nodes that do not answer alone for a while, until a person asks', async () => {
    const deaf = await bench.fleet.add('deaf', {
      answer: (request, usual) => (request.action === 'inventory' ? null : usual),
    });
    const asked = () => deaf.requests.filter(({ action }) => action === 'inventory').length;
    const { inventory } = await bench.open({
      followFleet: true,
      startTimer: (afterMs, run) => startTimer(Math.min(afterMs, 300), run),
    });
    await eventually(() => expect(asked()).toBe(1));
    const other = await bench.fleet.add('other', debian);
    await deaf.register('changed');
    await other.register('started');
    await eventually(async () => expect(await inventory.count('cpus=4')).toMatchObject({ value: { matching: 1 } }));
    expect(asked()).toBe(1);
    expect(await inventory.refresh()).toEqual({ ok: true, value: { nodes: 2, updated: 0 } });
    expect(asked()).toBe(2);
  });

  it('counts forged registrations and believes none', async () => {
    const node = await bench.fleet.add('web01', debian);
    const { inventory } = await bench.open({ followFleet: true });
    await eventually(async () => expect(await inventory.count('')).toMatchObject({ value: { total: 1 } }));
    const body = await node.seal({ protocol: 'muster.registration.v1', sender: 'web02' });
    const to = { exchange: 'muster.registry', routingKey: 'registration.alive', persistent: false, mandatory: true };
    unwrap(await bench.nodeBus.publish({ ...to, body }));
    await eventually(() => expect(bench.log).toContainEqual(expect.objectContaining({ code: 'message.malformed' })));
    expect(await inventory.count('')).toMatchObject({ value: { total: 1 } });
  });
});

describe('the DDL of an agent', () => {
  it('is learnt from any node that has it, without an inventory', async () => {
    await bench.fleet.add('web01', debian);
    const { inventory } = await bench.open();
    expect(unwrap(await inventory.agent('rpcutil'))).toEqual(fakeAgents[1]);
    expect(await inventory.agent('nosuch')).toMatchObject({ ok: false, error: { code: 'agent.unknown' } });
    bench.broker.stop();
    expect(unwrap(await inventory.agent('rpcutil'))).toEqual(fakeAgents[1]);
  });
});
