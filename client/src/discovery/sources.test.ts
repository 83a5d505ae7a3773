import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DiscoveryChoice } from '@muster/protocol/bridge';
import { unwrap } from '@muster/protocol/errors';
import { allNodes, parseFilter } from '@muster/protocol/filter';
import { createEngineBench, type EngineBench } from '../../../test/support/client/engine-bench.ts';
import { checkMethod, checkWindowChoice } from './index.ts';

let bench: EngineBench;
beforeEach(async () => {
  bench = await createEngineBench();
});
afterEach(() => bench.close());

const filter = (text: string) => unwrap(parseFilter(text));
const by = (method: DiscoveryChoice['method'], options: DiscoveryChoice['options'] = {}) => ({ method, options });
const fault = (code: string, message: string) => ({
  ok: false,
  error: { code, message: expect.stringContaining(message) as string },
});

describe('the inventory', () => {
  const choice = by('inventory');

  it('answers without a word to the fleet', async () => {
    const node = await bench.fleet.add('web01', { facts: { os: 'Debian' } });
    await bench.fleet.add('web02', { facts: { os: 'RedHat' } });
    const { discovery, inventory } = await bench.open();
    unwrap(await inventory.refresh());
    const asked = node.requests.length;
    const seen: string[] = [];
    const found = await discovery.discover({ filter: allNodes, choice, onNode: (name) => seen.push(name) });
    expect(unwrap(found)).toMatchObject({ identities: ['web01', 'web02'], method: 'inventory' });
    expect(seen).toEqual(['web01', 'web02']);
    const names = async (order: object) =>
      unwrap(await discovery.discover({ filter: allNodes, choice, ...order })).identities;
    expect(await names({ filter: filter('os=Debian') })).toEqual(['web01']);
    expect(await names({ agent: 'nosuch' })).toEqual([]);
    expect(await names({ collective: 'eu' })).toEqual([]);
    // Names are looked up, not taken at their word.
    expect(await names({ filter: filter('@identity=web02 or @identity=web03') })).toEqual(['web02']);
    expect(node.requests).toHaveLength(asked);
  });

  it('says that it is empty, and what it cannot tell', async () => {
    const { discovery } = await bench.open();
    expect(await discovery.discover({ filter: allNodes, choice })).toMatchObject(
      fault('discovery.failed', 'no node in the inventory'),
    );
    const data = filter("fstat('/x').present=1 and os=Debian");
    expect(await discovery.discover({ filter: data, choice })).toMatchObject(
      fault('discovery.unsupported', "Cannot use data filters while using the 'inventory' discovery method"),
    );
  });
});

describe('a list', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'muster list '));
    await writeFile(join(folder, 'nodes'), 'web02\nweb01\n# db\ndb01\n');
  });
  afterEach(() => rm(folder, { recursive: true }));
  const find = async (text: string, options: DiscoveryChoice['options']) => {
    const { discovery } = await bench.open({ discovery: { folder } });
    return discovery.discover({ filter: filter(text), choice: by('list', options) });
  };

  it('is a file in the order of its lines, narrowed down by names', async () => {
    expect(unwrap(await find('', { file: 'nodes' })).identities).toEqual(['web02', 'web01', 'db01']);
    expect(unwrap(await find('@identity=~/^web/ and not @identity=web01', { file: 'nodes' })).identities).toEqual([
      'web02',
    ]);
  });

  it.each([
    ['', {}, 'discovery.unconfigured', 'needs the option file'],
    ['', { file: 'nosuch' }, 'list.malformed', 'nosuch cannot be read'],
    ['', { file: 'nodes', sort: 'yes' }, 'usage.invalid', "The 'list' discovery method has no option sort"],
    ['role::web and os=Debian', { file: 'nodes' }, 'discovery.unsupported', 'Cannot use class and fact filters'],
  ])('refuses %j with %j', async (text, options, code, message) => {
    expect(await find(text, options)).toMatchObject(fault(code, message));
  });
});

describe('the choice', () => {
  it('is the configured one where an order has none', async () => {
    const node = await bench.fleet.add('web01');
    const { discovery, inventory } = await bench.open({
      discovery: { choice: by('inventory') },
      discoveryTimeoutMs: 3000,
    });
    unwrap(await inventory.refresh());
    expect(unwrap(await discovery.discover({ filter: allNodes })).method).toBe('inventory');
    const asked = node.requests.length;
    expect(unwrap(await discovery.discover({ filter: allNodes, choice: by('broadcast') })).method).toBe('broadcast');
    expect(node.requests.length).toBe(asked + 1);
  });

  it('takes a limit in every way, and ends a broadcast once it is reached', async () => {
    for (const name of ['a', 'b', 'c']) await bench.fleet.add(name);
    const { discovery, inventory } = await bench.open();
    unwrap(await inventory.refresh());
    const first = { size: { unit: 'nodes', amount: 2 }, method: 'first' } as const;
    const seen: string[] = [];
    const order = { filter: allNodes, limit: first, timeoutMs: 60_000, onNode: (name: string) => seen.push(name) };
    const found = unwrap(await discovery.discover(order));
    expect(found.identities).toEqual(seen);
    expect(seen).toHaveLength(2);
    expect(unwrap(await discovery.discover({ ...order, choice: by('inventory') })).identities).toEqual(['a', 'b']);
    const limit = { size: { unit: 'percent', amount: 50 }, method: 'random' } as const;
    const drawn = unwrap(await discovery.discover({ ...order, limit, choice: by('inventory') }));
    expect(drawn.identities).toHaveLength(1);
    const again = await discovery.discover({ ...order, limit: drawn.limit ?? limit, choice: by('inventory') });
    expect(unwrap(again).identities).toEqual(drawn.identities);
  });

  it('knows its methods, and the options of a broadcast', async () => {
    expect(checkMethod('puppetdb')).toEqual({ ok: true, value: 'puppetdb' });
    expect(checkMethod('mc')).toMatchObject(fault('discovery.unknown_method', 'Unknown discovery method mc'));
    const { discovery } = await bench.open();
    const odd = { filter: allNodes, choice: by('broadcast', { window: 'long' }) };
    expect(await discovery.discover(odd)).toMatchObject(fault('usage.invalid', 'window is "long"'));
  });

  it('of a window starts no programs and reads no files', () => {
    expect(checkWindowChoice(undefined)).toMatchObject({ ok: true });
    expect(checkWindowChoice(by('puppetdb', { pql: 'nodes{}' }))).toMatchObject({ ok: true });
    expect(checkWindowChoice(by('external'))).toMatchObject({ ok: true });
    for (const choice of [
      by('external', { command: 'x' }),
      by('external', { argument: 'x' }),
      by('list', { file: 'x' }),
    ])
      expect(checkWindowChoice(choice)).toMatchObject(fault('bridge.forbidden', 'The window may not set'));
  });
});
