import { rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '@muster/protocol/errors';
import { createEngineBench, type EngineBench } from '../../../test/support/client/engine-bench.ts';
import type { FakeNode } from '../../../test/support/client/fake-fleet.ts';
import { FakePuppetNode } from '../../../test/support/client/puppet-nodes.ts';
import { eventually } from '../../../test/support/eventually.ts';
import type { Engine } from '../engine/engine.ts';
import type { EngineRunOrder } from '../engine/parts/runs.ts';

/* A file lies where the folder of the audit belongs, so that nothing can be written down. */

let bench: EngineBench;
let engine: Engine;
let node: FakeNode;
let folder: string;

beforeEach(async () => {
  bench = await createEngineBench();
  folder = join(dirname(dirname(bench.file)), 'audit');
  node = await bench.fleet.add('web1', new FakePuppetNode(Date.now).options);
  engine = await bench.open();
  await writeFile(folder, 'in the way');
});
afterEach(async () => {
  if (isAside) await outOfTheWay();
  await bench.close();
});

let isAside = false;

/** As above, when there is a folder already. */
async function putInTheWay(): Promise<void> {
  await rename(folder, `${folder}.aside`);
  await writeFile(folder, 'in the way');
  isAside = true;
}

async function outOfTheWay(): Promise<void> {
  await rm(folder);
  await rename(`${folder}.aside`, folder);
  isAside = false;
}

const target = { kind: 'nodes' as const, identities: ['web1'] };
const change: EngineRunOrder = { agent: 'puppet', action: 'enable', inputs: {}, target, timeoutMs: 5000 };
const unwritten = { ok: false, error: { code: 'storage.failed' } };
/** What the node was asked to do, beside telling of itself. */
const asked = () => node.requests.filter(({ agent, action }) => agent === 'puppet' && action !== 'status');

describe('while the audit cannot be written', () => {
  it('a run that changes nodes is refused, and is sent as soon as it can be written down', async () => {
    expect(await engine.runs.start(change)).toMatchObject(unwritten);
    expect(unwrap(await engine.runs.list({ search: '', offset: 0, limit: 5 }))).toMatchObject({ total: 0 });
    expect(asked()).toEqual([]);
    await rm(folder);
    const started = unwrap(await engine.runs.start(change));
    expect((await started.finished).states).toEqual({ ok: 1 });
    expect(asked()).toHaveLength(1);
  });

  it('a run that only reads goes on', async () => {
    const started = unwrap(await engine.runs.start({ ...change, agent: 'rpcutil', action: 'ping' }));
    expect((await started.finished).states).toEqual({ ok: 1 });
  });

  it('a run is neither taken over nor resumed, and can be held back', async () => {
    await rm(folder);
    const more = await Promise.all(
      ['web2', 'web3'].map((name) => bench.fleet.add(name, new FakePuppetNode(Date.now).options)),
    );
    const identities = ['web1', 'web2', 'web3'];
    const rollout = { canary: { size: { unit: 'nodes' as const, amount: 1 }, hold: true } };
    const { runId } = unwrap(await engine.runs.start({ ...change, target: { kind: 'nodes', identities }, rollout }));
    await eventually(async () => expect(unwrap(await engine.runs.get(runId)).hold).not.toBeNull());
    await engine.close();
    const other = await bench.open();
    await putInTheWay();
    expect(await other.runs.attach(runId)).toMatchObject(unwritten);
    expect(await other.runs.resume(runId)).toMatchObject(unwritten);
    expect((await other.runs.pause(runId)).ok).toBe(true);
    expect((await other.runs.cancel(runId)).ok).toBe(true);
    expect(
      [node, ...more].flatMap(({ requests }) => requests.filter(({ action }) => action === 'enable')),
    ).toHaveLength(1);
  });

  it('a runall is neither begun nor resumed, and can be cancelled', async () => {
    const order = { target, concurrency: 1, options: {} };
    expect(await engine.runalls.start(order)).toMatchObject(unwritten);
    await rm(folder);
    const { runallId } = unwrap(await engine.runalls.start({ ...order, rerunMs: 3_600_000 }));
    await eventually(async () => expect(unwrap(await engine.runalls.get(runallId)).state).toBe('waiting'));
    const other = await bench.open();
    await putInTheWay();
    expect(await other.runalls.resume(runallId)).toMatchObject(unwritten);
    expect((await other.runalls.cancel(runallId)).ok).toBe(true);
  });

  it('nobody is let into the fleet', async () => {
    const key = 'ab'.repeat(32);
    expect(await engine.joins.approve(key, { replace: false })).toMatchObject(unwritten);
  });
});
