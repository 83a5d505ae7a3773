import { afterEach, beforeEach, expect, it } from 'vitest';
import { unwrap } from '@muster/protocol/errors';
import { allNodes, parseFilter } from '@muster/protocol/filter';
import { createEngineBench, type EngineBench } from '../../../test/support/client/engine-bench.ts';

let bench: EngineBench;
beforeEach(async () => {
  bench = await createEngineBench();
});
afterEach(() => bench.close());

const filter = (text: string) => unwrap(parseFilter(text));
/** Longer than any test may take. */
const tooLongMs = 60_000;

it('finds who matches, in order of arrival, and tells of each', async () => {
  await bench.fleet.add('slow', {
    answer: async (_request, usual) => {
      await new Promise(setImmediate);
      await new Promise((resolve) => setTimeout(resolve, 20));
      return usual;
    },
  });
  await bench.fleet.add('quick');
  await bench.fleet.add('other', { collective: 'eu' });
  const { discovery } = await bench.open({ collectives: ['muster', 'eu'] });
  const seen: string[] = [];
  const found = unwrap(await discovery.discover({ filter: allNodes, onNode: (identity) => seen.push(identity) }));
  expect(found.identities).toEqual(['quick', 'slow']);
  expect(found.durationMs).toBeGreaterThan(0);
  expect(seen).toEqual(['quick', 'slow']);
  expect(unwrap(await discovery.discover({ filter: allNodes, collective: 'eu' })).identities).toEqual(['other']);
  expect(unwrap(await discovery.discover({ filter: filter('@identity=~/^q/') })).identities).toEqual(['quick']);
  expect(unwrap(await discovery.discover({ filter: allNodes, agent: 'nosuch' })).identities).toEqual([]);
});

it('asks nobody when the filter only names nodes', async () => {
  const node = await bench.fleet.add('web01');
  const { discovery } = await bench.open();
  const found = unwrap(await discovery.discover({ filter: filter('@identity=web02 or @identity=web01') }));
  expect(found).toEqual({ identities: ['web02', 'web01'], durationMs: 0, method: 'list' });
  expect(node.requests).toEqual([]);
});

it('counts no node that could not answer properly', async () => {
  await bench.fleet.add('web01', { answer: (_request, usual) => ({ ...usual, outcome: 'failed', statusCode: 1 }) });
  const { discovery } = await bench.open();
  expect(unwrap(await discovery.discover({ filter: allNodes })).identities).toEqual([]);
});

it('ends early once all have answered whom the inventory expects', async () => {
  await bench.fleet.add('web01', { facts: { os: 'Debian' } });
  await bench.fleet.add('web02', { facts: { os: 'RedHat' } });
  const { discovery, inventory } = await bench.open();
  unwrap(await inventory.refresh());
  const found = unwrap(await discovery.discover({ filter: filter('os=Debian'), timeoutMs: tooLongMs }));
  expect(found.identities).toEqual(['web01']);
});

it('also finds nodes that the inventory does not know yet', async () => {
  await bench.fleet.add('web01');
  const { discovery, inventory } = await bench.open();
  unwrap(await inventory.refresh());
  await bench.fleet.add('web02');
  const found = unwrap(await discovery.discover({ filter: allNodes, timeoutMs: tooLongMs }));
  expect([...found.identities].sort()).toEqual(['web01', 'web02']);
});

it('ends when its caller says so', async () => {
  await bench.fleet.add('web01');
  const { discovery } = await bench.open();
  const enough = new AbortController();
  const order = { filter: allNodes, timeoutMs: tooLongMs, signal: enough.signal, onNode: () => enough.abort() };
  expect(unwrap(await discovery.discover(order)).identities).toEqual(['web01']);
});

it('says that there is no connection', async () => {
  const { discovery } = await bench.open();
  bench.broker.stop();
  expect(await discovery.discover({ filter: allNodes })).toMatchObject({ ok: false, error: { code: 'broker.closed' } });
});
