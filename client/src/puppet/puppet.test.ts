import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunallNode, RunallSummary } from '@muster/protocol/bridge';
import { unwrap } from '@muster/protocol/errors';
import { createEngineBench, type EngineBench } from '../../../test/support/client/engine-bench.ts';
import { FakePuppetNode } from '../../../test/support/client/puppet-nodes.ts';
import { eventually } from '../../../test/support/eventually.ts';
import type { Engine } from '../engine/engine.ts';
import { usualTiming } from './timing.ts';

const runallTiming = { ...usualTiming, pollMs: 20, statusWindowMs: 3000, startWindowMs: 3000, beginWithinMs: 2000 };
const everybody = { kind: 'filter', filter: '' } as const;
const slice = { search: '', offset: 0, limit: 500 };
const byName = { by: 'identity', descending: false };

let bench: EngineBench;
let engine: Engine;

beforeEach(async () => {
  bench = await createEngineBench();
  engine = await bench.open({ runallTiming });
});
afterEach(() => bench.close());

async function add(name: string, options: { takesMs?: number; failed?: number } = {}): Promise<FakePuppetNode> {
  const puppet = new FakePuppetNode(Date.now, options);
  await bench.fleet.add(name, puppet.options);
  return puppet;
}

async function nodesOf(runallId: string): Promise<readonly RunallNode[]> {
  return unwrap(await engine.runalls.nodes({ runallId, states: [], sort: byName, ...slice })).rows;
}

const start = (more: Partial<Parameters<Engine['runalls']['start']>[0]> = {}) =>
  engine.runalls.start({ target: everybody, concurrency: 2, options: {}, ...more });

describe('a runall', () => {
  it('runs Puppet on every node, tells what each run came to, and leaves out who is disabled', async () => {
    const [good, bad, off] = [await add('web01'), await add('web02', { failed: 3 }), await add('web03')];
    off.disabled = 'until the release';
    const { runallId, ended } = unwrap(await start({ options: { tags: 'a,b' } }));
    expect(await ended).toMatchObject({
      state: 'finished',
      fault: null,
      isConducted: false,
      nodes: 3,
      states: { done: 2, skipped: 1 },
      skipped: { disabled: 1 },
      results: { ok: 1, changed: 0, failed: 1, unknown: 0 },
    });
    expect(await nodesOf(runallId)).toMatchObject([
      { identity: 'web01', state: 'done', run: { result: 'ok', failed: 0, total: 9, configVersion: '17' } },
      { identity: 'web02', state: 'done', run: { result: 'failed', failed: 3 } },
      { identity: 'web03', state: 'skipped', reason: 'disabled', detail: 'until the release', run: null },
    ]);
    expect(good.orders).toEqual([{ tags: 'a,b', force: true }]);
    expect(bad.orders).toHaveLength(1);
    expect(off.orders).toEqual([]);
    expect(unwrap(await engine.runalls.get(runallId)).finishedAtMs).not.toBeNull();
  });

  it('is picked up by another console where it was left', async () => {
    const nodes = await Promise.all(['web01', 'web02', 'web03'].map((name) => add(name, { takesMs: 1500 })));
    const { runallId } = unwrap(await start({ concurrency: 1 }));
    await eventually(() => expect(nodes.filter(({ applying }) => applying)).toHaveLength(1));
    await engine.close();
    engine = await bench.open({ runallTiming });
    expect(unwrap(await engine.runalls.get(runallId))).toMatchObject({ state: 'running', isConducted: false });
    const seen: RunallSummary[] = [];
    engine.runalls.onChange(runallId, (summary) => seen.push(summary));
    expect(unwrap(await engine.runalls.resume(runallId))).toMatchObject({ isConducted: true });
    await eventually(() => expect(seen.at(-1)).toMatchObject({ state: 'finished', isConducted: false }));
    expect(nodes.map(({ orders }) => orders.length)).toEqual([1, 1, 1]);
    expect(seen.at(-1)).toMatchObject({ states: { done: 3 }, results: { ok: 3 } });
  });
});

describe('the overview', () => {
  it('tells what nodes told last, and hears of what ordinary runs change', async () => {
    await engine.inventory.refresh();
    const [first] = [await add('web01'), await add('web02', { failed: 1 })];
    expect(await engine.puppet.refresh(undefined)).toEqual({ ok: true, value: { asked: 2, answered: 2 } });
    const look = async () => unwrap(await engine.puppet.overview({ filter: '', states: [], sort: byName, ...slice }));
    expect(await look()).toMatchObject({
      total: 2,
      counts: { states: { stopped: 2, disabled: 0 }, silent: 0 },
      rows: [{ identity: 'web01', state: 'stopped' }, { identity: 'web02' }],
      refreshedAtMs: expect.any(Number) as number,
    });
    const run = await engine.runs.start({
      agent: 'puppet',
      action: 'disable',
      inputs: { message: 'who knows' },
      target: { kind: 'nodes', identities: ['web01'] },
    });
    await unwrap(run).finished;
    expect(first.disabled).toBe('who knows');
    await eventually(async () =>
      expect((await look()).rows[0]).toMatchObject({ state: 'disabled', disableMessage: 'who knows' }),
    );
  });
});
