import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '@muster/protocol/errors';
import type { Request } from '@muster/protocol/messages';
import { createEngineBench, type EngineBench } from '../../../test/support/client/engine-bench.ts';
import type { FakeNode } from '../../../test/support/client/fake-fleet.ts';
import { eventually } from '../../../test/support/eventually.ts';
import type { Engine } from '../engine/engine.ts';
import type { EngineRunOrder } from '../engine/parts/runs.ts';

const names = ['a', 'b', 'c', 'd', 'e'];
const one = { unit: 'nodes', amount: 1 } as const;
const two = { unit: 'nodes', amount: 2 } as const;

let bench: EngineBench;
let engine: Engine;
/** Nodes that hold their answers back until they are let go. */
let nodes: Map<string, { readonly node: FakeNode; readonly letGo: () => void }>;
const failing = new Set<string>();

const isPing = ({ agent, action }: Request) => agent === 'rpcutil' && action === 'ping';

beforeEach(async () => {
  bench = await createEngineBench();
  engine = await bench.open({ discoveryTimeoutMs: 5000 });
  nodes = new Map();
  failing.clear();
  for (const name of names) {
    const { promise: go, resolve: letGo } = Promise.withResolvers<undefined>();
    const node = await bench.fleet.add(name, {
      answer: async (request, usual) => {
        // These nodes know nothing of agent `requests`.
        if (!isPing(request)) return request.agent === 'requests' ? null : usual;
        await go;
        return failing.has(name) ? { ...usual, outcome: 'failed', statusCode: 1, statusMessage: 'no' } : usual;
      },
    });
    nodes.set(name, { node, letGo: () => letGo(undefined) });
  }
});
afterEach(() => bench.close());

const start = async (more: Partial<EngineRunOrder>) =>
  unwrap(
    await engine.runs.start({
      agent: 'rpcutil',
      action: 'ping',
      inputs: {},
      target: { kind: 'nodes', identities: names },
      timeoutMs: 120_000,
      ...more,
    }),
  );
const asked = () => names.filter((name) => nodes.get(name)?.node.requests.some(isPing));
const letGo = (...which: string[]) => which.forEach((name) => nodes.get(name)?.letGo());
const waitUntilAsked = (...which: string[]) => eventually(() => expect(asked()).toEqual(which));
const shows = (runId: string, what: object) =>
  eventually(async () => expect(unwrap(await engine.runs.get(runId))).toMatchObject(what));

describe('a roll-out', () => {
  it('keeps no more nodes at work than it may, and goes on with whoever ends', async () => {
    const run = await start({ rollout: { concurrency: two } });
    await waitUntilAsked('a', 'b');
    await shows(run.runId, { states: { sent: 2, queued: 3 } });
    letGo('b');
    await waitUntilAsked('a', 'b', 'c');
    await shows(run.runId, { states: { ok: 1, sent: 2, queued: 2 } });
    letGo(...names);
    expect(await run.finished).toMatchObject({ state: 'finished', states: { ok: 5 } });
  });

  it('asks no further nodes once too many have failed', async () => {
    failing.add('a').add('b');
    const run = await start({ rollout: { concurrency: one, maxErrors: one } });
    letGo(...names);
    expect(await run.finished).toMatchObject({
      state: 'stopped',
      fault: { code: 'run.too_many_errors' },
      states: { failed: 2, skipped: 3 },
    });
    expect(asked()).toEqual(['a', 'b']);
  });

  it('waits for a person after its canary, and not before it is well', async () => {
    const run = await start({ rollout: { canary: { size: one, hold: true } } });
    await waitUntilAsked('a');
    letGo(...names);
    await shows(run.runId, { hold: 'canary', states: { ok: 1, queued: 4 } });
    unwrap(await engine.runs.resume(run.runId));
    expect(await run.finished).toMatchObject({ state: 'finished', states: { ok: 5 } });
  });

  it('that is paused while its canary waits for word goes on by one word', async () => {
    const run = await start({ rollout: { canary: { size: one, hold: true } } });
    await waitUntilAsked('a');
    letGo(...names);
    await shows(run.runId, { state: 'running', hold: 'canary' });
    unwrap(await engine.runs.pause(run.runId));
    await shows(run.runId, { state: 'paused', hold: 'canary' });
    unwrap(await engine.runs.resume(run.runId));
    expect(await run.finished).toMatchObject({ state: 'finished', states: { ok: 5 } });
  });

  it('that is resumed before its canary is well still asks for word', async () => {
    const run = await start({ rollout: { canary: { size: one, hold: true } } });
    await waitUntilAsked('a');
    unwrap(await engine.runs.pause(run.runId));
    await shows(run.runId, { state: 'paused', hold: null });
    unwrap(await engine.runs.resume(run.runId));
    letGo(...names);
    await shows(run.runId, { state: 'running', hold: 'canary', states: { ok: 1, queued: 4 } });
    unwrap(await engine.runs.resume(run.runId));
    expect(await run.finished).toMatchObject({ state: 'finished', states: { ok: 5 } });
  });

  it('asks nobody while it is paused, and goes on where it was', async () => {
    const run = await start({ rollout: { concurrency: one } });
    await waitUntilAsked('a');
    unwrap(await engine.runs.pause(run.runId));
    letGo(...names);
    await shows(run.runId, { state: 'paused', states: { ok: 1, queued: 4 } });
    expect(asked()).toEqual(['a']);
    unwrap(await engine.runs.resume(run.runId));
    expect(await run.finished).toMatchObject({ state: 'finished', states: { ok: 5 } });
  });

  it('that is stopped waits for those that were asked', async () => {
    const run = await start({ rollout: { concurrency: two } });
    await waitUntilAsked('a', 'b');
    unwrap(await engine.runs.stop(run.runId));
    await shows(run.runId, { state: 'stopping', states: { sent: 2, skipped: 3 } });
    expect(await engine.runs.resume(run.runId)).toMatchObject({ ok: false, error: { code: 'run.ended' } });
    letGo(...names);
    expect(await run.finished).toMatchObject({
      state: 'stopped',
      fault: { code: 'run.stopped' },
      states: { ok: 2, skipped: 3 },
    });
    for (const wish of ['pause', 'resume', 'stop', 'cancel'] as const)
      expect(await engine.runs[wish](run.runId)).toMatchObject({ ok: false, error: { code: 'run.ended' } });
  });

  it('is gone on with by another engine in the midst of a batch, which asks nobody for a second time', async () => {
    const run = await start({ batch: { size: two, sleepMs: 0 } });
    await waitUntilAsked('a', 'b');
    await shows(run.runId, { states: { sent: 2, queued: 3 } });
    await engine.close();
    engine = await bench.open();
    letGo('a', 'b', 'c', 'd', 'e');
    const attached = unwrap(await engine.runs.attach(run.runId));
    expect(await attached.finished).toMatchObject({ state: 'finished', states: { ok: 5 } });
    for (const name of ['c', 'd', 'e']) expect(nodes.get(name)?.node.requests.filter(isPing)).toHaveLength(1);
  });
});

describe('a cancelled run', () => {
  it('sends no copy of its request, whoever goes on with it, to nodes that may not know that it is cancelled', async () => {
    const identities = ['a', 'b'];
    const run = await start({ target: { kind: 'nodes', identities }, deliveryMs: 60_000 });
    await waitUntilAsked(...identities);
    await shows(run.runId, { states: { sent: 2 } });
    const other = await bench.openStorage();
    unwrap(await other.wishRun(run.runId, 'cancel'));
    await shows(run.runId, { state: 'stopping' });
    await engine.close();
    engine = await bench.open();
    const attached = unwrap(await engine.runs.attach(run.runId));
    const words = (name: string) => nodes.get(name)?.node.requests.filter(({ agent }) => agent === 'requests').length;
    for (const name of identities) await eventually(() => expect(words(name)).toBeGreaterThan(1));
    letGo(...identities);
    expect(await attached.finished).toMatchObject({ state: 'cancelled', states: { ok: 2 } });
    for (const name of identities) expect(nodes.get(name)?.node.requests.filter(isPing).length).toBe(1);
  });
});
