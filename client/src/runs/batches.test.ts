import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '@muster/protocol/errors';
import { createEngineBench, type EngineBench } from '../../../test/support/client/engine-bench.ts';
import { eventually } from '../../../test/support/eventually.ts';
import type { Engine } from '../engine/engine.ts';
import type { EngineRunOrder } from '../engine/parts/runs.ts';

let bench: EngineBench;
beforeEach(async () => {
  bench = await createEngineBench();
});
afterEach(() => bench.close());

const names = ['a', 'b', 'c', 'd', 'e'];
const target = { kind: 'nodes', identities: names } as const;
const nodes = (amount: number) => ({ unit: 'nodes', amount }) as const;
const percent = (amount: number) => ({ unit: 'percent', amount }) as const;
const ping = (more: Partial<EngineRunOrder>): EngineRunOrder => ({
  agent: 'rpcutil',
  action: 'ping',
  inputs: {},
  target,
  timeoutMs: 5000,
  ...more,
});

/** The run's own request: others look for nodes and for their DDLs. */
const isPing = ({ agent, action }: { agent: string; action: string }) => agent === 'rpcutil' && action === 'ping';

const resultsOf = async (engine: Engine, runId: string) => {
  const sort = { by: '@identity', descending: false };
  return unwrap(await engine.runs.results({ runId, states: [], search: '', sort, offset: 0, limit: 100 })).rows;
};

/** A clock that a test sets forward, which runs notice at once. */
function steppedClock() {
  let aheadMs = 0;
  return {
    advance: (ms: number) => (aheadMs += ms),
    clock: () => Date.now() + aheadMs,
    startTimer(afterMs: number, run: () => void) {
      // Pauses that are longer than this are looked at again now and then.
      const timer = setTimeout(run, afterMs === 5000 ? 20 : afterMs);
      return () => clearTimeout(timer);
    },
  };
}

const pauses = (engine: Engine, runId: string, responses: number) =>
  eventually(async () => expect(unwrap(await engine.runs.get(runId))).toMatchObject({ hold: 'sleep', responses }));

describe('batches', () => {
  it('follow each other with a pause between, under one request id', async () => {
    const sleepMs = 3_000_000;
    const { advance, ...time } = steppedClock();
    const fleet = await Promise.all(names.map((name) => bench.fleet.add(name)));
    const engine = await bench.open(time);
    const asked = () => fleet.filter((node) => node.requests.some(isPing)).map((node) => node.identity);
    const run = unwrap(await engine.runs.start(ping({ batch: { size: percent(30), sleepMs } })));
    for (const batch of [
      ['a', 'b'],
      ['a', 'b', 'c', 'd'],
    ]) {
      await pauses(engine, run.runId, batch.length);
      expect(asked()).toEqual(batch);
      advance(sleepMs);
    }
    const summary = await run.finished;
    expect(asked()).toEqual(names);
    expect(new Set(fleet.flatMap((node) => node.requests.filter(isPing).map(({ requestId }) => requestId)))).toEqual(
      new Set([run.runId]),
    );
    expect(summary).toMatchObject({ state: 'finished', expected: 5, responses: 5, states: { ok: 5 } });
    expect(unwrap(await engine.runs.get(run.runId))).toMatchObject({ batch: { size: percent(30), sleepMs } });
  });

  it('do not wait for silent nodes longer than the time of their batch', async () => {
    for (const name of names) await bench.fleet.add(name, name === 'b' ? { answer: () => null } : {});
    const engine = await bench.open();
    const run = unwrap(await engine.runs.start(ping({ timeoutMs: 300, batch: { size: nodes(2), sleepMs: 0 } })));
    const summary = await run.finished;
    expect(summary).toMatchObject({ state: 'finished', responses: 4, states: { ok: 4, no_answer: 1 } });
    const rows = await resultsOf(engine, run.runId);
    expect(rows.map(({ identity, state }) => [identity, state])).toEqual(
      names.map((name) => [name, name === 'b' ? 'no_answer' : 'ok']),
    );
    // Counted from when its own batch was sent.
    expect(rows.at(-1)?.elapsedMs).toBeLessThan(300);
  });

  it('take an answer of an earlier batch as late, and go on', async () => {
    let answerLate: () => void = () => undefined;
    const late = new Promise<void>((resolve) => (answerLate = resolve));
    await bench.fleet.add('a', {
      answer: (request, usual) => (isPing(request) ? late.then(() => usual) : usual),
    });
    await bench.fleet.add('b', {
      answer: async (request, usual) => {
        if (isPing(request)) answerLate();
        await new Promise(setImmediate);
        return usual;
      },
    });
    const engine = await bench.open();
    const identities = ['a', 'b'];
    const order = ping({
      target: { kind: 'nodes', identities },
      timeoutMs: 400,
      batch: { size: nodes(1), sleepMs: 0 },
    });
    const run = unwrap(await engine.runs.start(order));
    await run.finished;
    await eventually(async () =>
      expect(await resultsOf(engine, run.runId)).toMatchObject([{ arrival: 'late' }, { arrival: 'on_time' }]),
    );
  });

  it('wait where they are when the engine closes during a pause', async () => {
    for (const name of names) await bench.fleet.add(name);
    const engine = await bench.open();
    const run = unwrap(await engine.runs.start(ping({ batch: { size: nodes(1), sleepMs: 60_000 } })));
    await pauses(engine, run.runId, 1);
    await engine.close();
    const left = await run.finished;
    expect(left).toMatchObject({ state: 'running', hold: 'sleep', finishedAtMs: null, responses: 1 });
    expect(left.holdUntilMs).toBeGreaterThanOrEqual((left.sentAtMs ?? Infinity) + 60_000);
    const stored = unwrap(await (await bench.openStorage()).getRun(run.runId));
    expect(stored).toMatchObject({ hold: 'sleep', holdUntilMs: left.holdUntilMs });
  });
});

describe('limits', () => {
  it('take some of a list, and the run says which draw it was', async () => {
    for (const name of names) await bench.fleet.add(name);
    const engine = await bench.open();
    const limit = { size: nodes(2), method: 'random' } as const;
    const first = await unwrap(await engine.runs.start(ping({ limit }))).finished;
    expect(first).toMatchObject({ expected: 2, limit: { ...limit, seed: expect.any(Number) as number } });
    const again = await unwrap(await engine.runs.start(ping({ limit: first.limit }))).finished;
    const [before, after] = [await resultsOf(engine, first.runId), await resultsOf(engine, again.runId)];
    expect(after.map(({ identity }) => identity)).toEqual(before.map(({ identity }) => identity));
  });

  it('never become a broadcast', async () => {
    const many = Array.from({ length: 14 }, (_unused, index) => `n${index}`);
    const fleet = await Promise.all(many.map((name) => bench.fleet.add(name)));
    const engine = await bench.open();
    const order = ping({ target: { kind: 'filter', filter: '' }, limit: { size: nodes(12), method: 'first' } });
    const summary = await unwrap(await engine.runs.start(order)).finished;
    expect(summary).toMatchObject({ expected: 12, responses: 12, unexpected: 0 });
    const targets = fleet.flatMap((node) =>
      node.requests.filter(({ agent, action }) => agent === 'rpcutil' && action === 'ping'),
    );
    expect(targets).toHaveLength(12);
    expect(targets.every(({ target: identity }) => identity !== null)).toBe(true);
  });
});
