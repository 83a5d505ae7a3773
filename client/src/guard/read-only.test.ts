import { afterEach, beforeEach, expect, it } from 'vitest';
import { unwrap } from '@muster/protocol/errors';
import { createEngineBench, type EngineBench } from '../../../test/support/client/engine-bench.ts';
import { fakeAgents } from '../../../test/support/client/fake-fleet.ts';
import type { Engine, EngineRunOrder } from '../engine/index.ts';

/** An agent whose newer version changes what the older one only reads. */
const versions = (['read', 'write'] as const).map((effect, index) => {
  const [, rpcutil] = fakeAgents;
  if (rpcutil === undefined) throw new Error('The fake fleet has no rpcutil');
  const actions = rpcutil.actions.slice(0, 1).map((action) => ({ ...action, name: 'status', effect }));
  return { ...rpcutil, name: 'service', version: `${index + 1}.0.0`, actions };
});
const refused = { ok: false, error: { code: 'console.read_only' } };

let bench: EngineBench;
let engine: Engine;

beforeEach(async () => {
  bench = await createEngineBench();
  for (const [index, ddl] of versions.entries())
    await bench.fleet.add(`web0${index + 1}`, { agents: [...fakeAgents, ddl] });
  engine = await bench.open();
  unwrap(await engine.inventory.refresh());
});
afterEach(() => bench.close());

const order = (identity: string, agent = 'service', action = 'status'): EngineRunOrder => ({
  agent,
  action,
  inputs: {},
  target: { kind: 'nodes', identities: [identity] },
});

it('runs what reads in every version, and refuses what changes in any', async () => {
  engine.readOnly.turnOn();
  const read = unwrap(await engine.runs.start(order('web01', 'rpcutil', 'ping')));
  expect((await read.finished).states).toEqual({ ok: 1 });
  const both: EngineRunOrder = { ...order('web01'), target: { kind: 'filter', filter: '' } };
  expect(await engine.runs.start(both)).toMatchObject(refused);
  expect(await engine.runs.start(order('web02'))).toMatchObject(refused);
  expect(unwrap(await engine.runs.list({ search: '', offset: 0, limit: 9 })).total).toBe(1);
});

it('neither goes on with what changes nodes, nor steers it, but may pause it', async () => {
  await bench.fleet.add('web03', {
    agents: [...fakeAgents, ...versions.slice(1)],
    answer: ({ agent }, usual) => (agent === 'service' ? null : usual),
  });
  unwrap(await engine.inventory.refresh());
  const { runId } = unwrap(await engine.runs.start({ ...order('web03'), timeoutMs: 600_000 }));
  expect(engine.isConducting).toBe(true);
  engine.readOnly.turnOn();
  for (const steered of [engine.runs.resume(runId), engine.runs.stop(runId), engine.runs.cancel(runId)])
    expect(await steered).toMatchObject(refused);
  expect(unwrap(await engine.runs.pause(runId)).runId).toBe(runId);
  await engine.close();
  const other = await bench.open();
  other.readOnly.turnOn();
  expect(await other.runs.attach(runId)).toMatchObject(refused);
  expect(other.isConducting).toBe(false);
});

it('begins no runall', async () => {
  engine.readOnly.turnOn();
  const target = { kind: 'filter' as const, filter: '' };
  expect(await engine.runalls.start({ target, concurrency: 1, options: {} })).toMatchObject(refused);
});
