import { chmod, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAgentBench, type AgentBench } from '../../../../test/support/agent/agent-bench.ts';

const node = 'web1.example.com';
let bench: AgentBench;

beforeAll(async () => {
  bench = await createAgentBench();
  const facts =
    'os: { name: Debian, family: Debian, release: { major: "12" } }\nips: [10.0.0.1, 10.0.0.2]\nrack: 7\n"a.b": flat\nempty: null\n';
  await bench.start(node, {
    facts,
    classes: ['base', 'apache'],
    yaml: 'collectives: [muster]\nregistration: { interval: 60 }',
  });
});

afterAll(() => bench.close());

const ask = async (action: string, inputs: Record<string, string> = {}, agent = 'rpcutil') =>
  bench.asker.ask(node, { agent, action, inputs });
const data = async (action: string, inputs: Record<string, string> = {}) => {
  const reply = await ask(action, inputs);
  expect(reply).toMatchObject({ outcome: 'ok', statusCode: 0 });
  return reply.data;
};
const nowSeconds = () => Math.floor(Date.now() / 1000);

describe('rpcutil', () => {
  it('ping answers with the time', async () => {
    const { pong } = await data('ping');
    expect(pong).toBeGreaterThan(nowSeconds() - 60);
    expect((await ask('ping', {}, 'discovery')).data['pong']).toBeGreaterThan(nowSeconds() - 60);
  });

  it('inventory tells everything', async () => {
    expect(await data('inventory')).toEqual({
      agents: expect.arrayContaining(['discovery', 'filemgr', 'rpcutil']) as string[],
      facts: {
        muster: { version: '0.1.0', identity: node, collectives: ['muster'] },
        os: { name: 'Debian', family: 'Debian', release: { major: '12' } },
        ips: ['10.0.0.1', '10.0.0.2'],
        rack: 7,
        'a.b': 'flat',
        empty: null,
      },
      classes: ['apache', 'base'],
      version: '0.1.0',
      main_collective: 'muster',
      collectives: ['muster'],
      data_plugins: expect.arrayContaining(['agent', 'collective', 'config_item', 'fact', 'fstat']) as string[],
      // The tests of registration say what they are.
      digests: expect.objectContaining({ agents: expect.stringMatching(/^[0-9a-f]{64}$/) as string }) as object,
    });
  });

  it('agent_inventory describes each agent', async () => {
    const { agents } = await data('agent_inventory');
    expect(agents).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ agent: 'discovery' }),
        expect.objectContaining({ agent: 'rpcutil', timeout: 10, license: 'Apache-2.0', version: '0.1.0' }),
      ]),
    );
    expect(Object.keys((agents as object[])[0] ?? {}).sort()).toEqual([
      'agent',
      'author',
      'ddl',
      'description',
      'license',
      'timeout',
      'url',
      'version',
    ]);
  });

  it('agent_inventory has the DDLs of data plugins', async () => {
    const { data_plugins: plugins } = await data('agent_inventory');
    expect(plugins).toEqual(
      expect.arrayContaining([expect.objectContaining({ kind: 'data', name: 'fstat', timeout: 1 }) as object]),
    );
  });

  it.each([
    ['os.family', 'Debian'],
    ['os', { name: 'Debian', family: 'Debian', release: { major: '12' } }],
    ['ips.1', '10.0.0.2'],
    ['a.b', 'flat'],
    ['nosuch', null],
    ['os.nosuch.more', null],
    ['__proto__', null],
    ['constructor.name', null],
    ['ips.length', null],
  ])('get_fact %s', async (fact, value) => {
    expect(await data('get_fact', { fact })).toEqual({ fact, value });
  });

  it('get_facts gives several', async () => {
    expect(await data('get_facts', { facts: 'rack, os.family ,nosuch' })).toEqual({
      values: { rack: 7, 'os.family': 'Debian', nosuch: null },
    });
  });

  it('daemon_stats tells how the agent fares', async () => {
    const stats = await data('daemon_stats');
    expect(stats).toMatchObject({
      agents: expect.arrayContaining(['discovery', 'filemgr', 'rpcutil']) as string[],
      pid: process.pid,
      threads: ['rpcutil#daemon_stats'],
      version: '0.1.0',
      unvalidated: 0,
    });
    expect(stats['configfile']).toMatch(/agent\.yaml$/);
    expect(stats['total']).toBeGreaterThan(0);
    for (const name of ['times', 'validated', 'passed', 'filtered', 'starttime', 'replies', 'ttlexpired'])
      expect(stats).toHaveProperty(name);
  });

  it('collective_info names the collectives', async () => {
    expect(await data('collective_info')).toEqual({ main_collective: 'muster', collectives: ['muster'] });
  });

  it.each([
    ['registration.interval', 60],
    ['identity', node],
    ['registration', { interval: 60, splay: true }],
    ['broker', { urls: ['amqps://127.0.0.1:1'], queue_type: 'classic', random_start: false }],
  ])('get_config_item %s', async (item, value) => {
    expect(await data('get_config_item', { item })).toEqual({ item, value });
  });

  it.each(['broker.password_file', 'trust.key', 'nosuch'])('get_config_item gives no %s', async (item) => {
    const reply = await ask('get_config_item', { item });
    expect(reply).toMatchObject({ outcome: 'failed', statusCode: 1, data: {} });
    expect(reply.statusMessage).toMatch(/^(Config property .* is a secret|Unknown config property nosuch)/);
  });
});

describe('get_data', () => {
  const outputs = (source: string, query: string) => data('get_data', { source, query });

  it('asks agent, collective, fact and config_item', async () => {
    expect(await outputs('agent', 'rpcutil')).toMatchObject({ timeout: 10, author: 'The Muster project' });
    expect(await outputs('collective', 'other')).toEqual({ member: false });
    expect(await outputs('fact', 'os.family')).toEqual({ exists: true, value: 'Debian', value_encoding: 'text/plain' });
    expect(await outputs('fact', 'ips')).toEqual({
      exists: true,
      value: '["10.0.0.1","10.0.0.2"]',
      value_encoding: 'application/json',
    });
    expect(await outputs('fact', 'nosuch')).toEqual({ exists: false });
    expect(await outputs('config_item', 'registration.splay')).toEqual({ present: true, value: true });
    expect(await outputs('config_item', 'trust.key')).toEqual({ present: false });
  });

  it('asks fstat of files, folders, links, and of what is not there', async () => {
    const file = join('/tmp', `muster-fstat-${process.pid}`);
    await writeFile(file, 'hello\n');
    await chmod(file, 0o640);
    await symlink(file, `${file}-link`);
    try {
      const found = await outputs('fstat', file);
      expect(found).toMatchObject({
        name: file,
        output: 'present',
        present: 1,
        size: 6,
        mode: '100640',
        md5: 'b1946ac92492d2347c6235b4d2611184',
        type: 'file',
        uid: process.getuid?.(),
        gid: process.getgid?.(),
      });
      expect(found['mtime']).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
      expect(found['mtime_age']).toBeLessThan(60);
      expect(found['ctime_seconds']).toBeGreaterThan(nowSeconds() - 60);
      expect(await outputs('fstat', `${file}-link`)).toMatchObject({ type: 'symlink' });
    } finally {
      await rm(file);
      await rm(`${file}-link`);
    }
    expect(await outputs('fstat', '/tmp')).toMatchObject({ type: 'directory', present: 1 });
    expect(await outputs('fstat', '/dev/null')).toMatchObject({ type: 'chardev' });
    expect(await outputs('fstat', '/nowhere/at/all')).toMatchObject({
      output: 'not present',
      present: 0,
      type: 'unknown',
    });
  });

  it.each([
    [{ source: 'nosuch', query: 'x' }, "Unknown data plugin 'nosuch'"],
    [{ source: 'agent', query: 'nosuch' }, "Data plugin 'agent' knows nothing of 'nosuch'"],
    [{ source: 'fact' }, "Data plugin 'fact' needs a question"],
    [{ source: 'fstat', query: 'x'.repeat(121) }, 'Cannot validate input query: longer than 120 characters'],
  ])('says what is wrong with %o', async (inputs, statusMessage) => {
    expect(await ask('get_data', { ...inputs })).toMatchObject({ outcome: 'failed', statusCode: 1, statusMessage });
  });
});
