import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ResultDetail, RunSummary } from '@muster/protocol/bridge';
import { unwrap } from '@muster/protocol/errors';
import { replyQueueName } from '@muster/protocol/topology';
import type { Bus } from '@muster/runtime/bus';
import { changedBus } from '../../../test/support/client/changed-bus.ts';
import { createEngineBench, type EngineBench } from '../../../test/support/client/engine-bench.ts';
import { fakeAgents, type FakeNodeOptions } from '../../../test/support/client/fake-fleet.ts';
import { eventually } from '../../../test/support/eventually.ts';
import type { Engine } from '../engine/engine.ts';
import type { EngineRunOrder } from '../engine/parts/runs.ts';

let bench: EngineBench;
let engine: Engine;

beforeEach(async () => {
  bench = await createEngineBench();
  engine = await bench.open();
});
afterEach(() => bench.close());

const ping = (target: EngineRunOrder['target'], more: Partial<EngineRunOrder> = {}): EngineRunOrder => ({
  agent: 'rpcutil',
  action: 'ping',
  inputs: {},
  target,
  timeoutMs: 400,
  ...more,
});
const everybody = { kind: 'filter', filter: '' } as const;
const names = (count: number) =>
  Array.from({ length: count }, (_, index) => `web${String(index + 1).padStart(2, '0')}`);
const addNodes = (identities: readonly string[]) =>
  Promise.all(identities.map((identity) => bench.fleet.add(identity)));

async function run(order: EngineRunOrder): Promise<RunSummary> {
  const started = unwrap(await engine.runs.start(order));
  return started.finished;
}
const rowsOf = async (runId: string) => {
  const sort = { by: '@identity', descending: false };
  return unwrap(await engine.runs.results({ runId, states: [], search: '', sort, offset: 0, limit: 500 })).rows;
};

describe('a run on a filter', () => {
  it('asks each node when few are found, and keeps every answer', async () => {
    const nodes = await addNodes(names(3));
    const summary = await run(ping(everybody));
    expect(summary).toMatchObject({
      state: 'finished',
      expected: 3,
      responses: 3,
      unexpected: 0,
      states: { ok: 3 },
      fault: null,
    });
    expect(nodes.map(({ requests }) => requests.at(-1))).toMatchObject(
      names(3).map((target) => ({ target, filter: '', requestId: summary.runId, caller: 'cert=alice' })),
    );
    expect(unwrap(await engine.runs.get(summary.runId))).toEqual(summary);
    expect(await rowsOf(summary.runId)).toMatchObject(
      names(3).map((identity) => ({ identity, state: 'ok', arrival: 'on_time', data: { pong: 1 }, statusCode: 0 })),
    );
    const detail = unwrap(await engine.runs.result(summary.runId, 'web01'));
    expect(detail).toMatchObject({ outcome: 'ok', signedBy: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
    expect(detail.timings?.receivedAtMs).toBeGreaterThan(0);
  });

  it('sends one broadcast with the filter when that is wanted', async () => {
    const nodes = await addNodes(names(12));
    const summary = await run(ping({ kind: 'filter', filter: '@identity=~/^web/' }, { delivery: 'broadcast' }));
    expect(summary).toMatchObject({ state: 'finished', states: { ok: 12 } });
    for (const { requests } of nodes) {
      expect(requests.at(-1)).toMatchObject({ target: null, action: 'ping', requestId: summary.runId });
    }
    expect(nodes[0]?.requests.at(-1)?.filter).not.toBe('');
  });

  it('asks named identities without looking for them', async () => {
    await addNodes(['web01']);
    const summary = await run(ping({ kind: 'filter', filter: '@identity=web01 or @identity=nosuch' }));
    expect(summary).toMatchObject({ discoveryMs: 0, expected: 2, responses: 1, states: { ok: 1, unknown_node: 1 } });
  });

  it('that finds nobody fails and says so', async () => {
    await addNodes(['web01']);
    const summary = await run(ping({ kind: 'filter', filter: '@identity=~/^db/' }));
    expect(summary).toMatchObject({
      state: 'failed',
      fault: { code: 'run.no_targets', message: 'No request sent, we did not discover any nodes.' },
      sentAtMs: null,
      expected: 0,
    });
    expect(unwrap(await engine.runs.get(summary.runId))).toEqual(summary);
  });

  it('uses what the caller has discovered already', async () => {
    const [node] = await addNodes(['web01', 'web02']);
    const summary = await run(
      ping(everybody, { discovered: { identities: ['web01'], method: 'list', durationMs: 7 } }),
    );
    expect(summary).toMatchObject({ expected: 1, discoveryMs: 7, states: { ok: 1 } });
    expect(node?.requests.filter(({ requestId }) => requestId === summary.runId)).toHaveLength(1);
  });
});

describe('answers', () => {
  it('that never come leave `no_answer` when the time is over', async () => {
    await addNodes(['web01']);
    await bench.fleet.add('web02', {
      answer: (request, usual) => (request.action === 'ping' && request.agent === 'rpcutil' ? null : usual),
    });
    const summary = await run(ping(everybody));
    expect(summary).toMatchObject({ state: 'finished', expected: 2, responses: 1, states: { ok: 1, no_answer: 1 } });
    expect(await rowsOf(summary.runId)).toMatchObject([
      { state: 'ok' },
      { identity: 'web02', state: 'no_answer', arrival: null },
    ]);
  });

  it('that come late are kept and marked', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await bench.fleet.add('web01', {
      answer: async (request, usual) => {
        if (request.agent === 'rpcutil' && request.action === 'ping') await held;
        return usual;
      },
    });
    const summary = await run(ping({ kind: 'nodes', identities: ['web01'] }, { timeoutMs: 50 }));
    expect(summary).toMatchObject({ responses: 0, states: { no_answer: 1 } });
    release();
    await eventually(async () =>
      expect(unwrap(await engine.runs.get(summary.runId))).toMatchObject({
        state: 'finished',
        responses: 1,
        states: { ok: 1 },
      }),
    );
    expect(await rowsOf(summary.runId)).toMatchObject([{ state: 'ok', arrival: 'late' }]);
  });

  it('of nodes that were not asked are kept and marked', async () => {
    await addNodes(['web01']);
    const stranger = await bench.fleet.add('web99', { answer: () => null });
    await bench.fleet.add('web02', {
      answer: async (request, usual) => {
        if (request.agent === 'rpcutil' && request.action === 'ping') {
          await stranger.sendRaw(await stranger.seal({ ...usual, sender: 'web99' }), request.replyTo ?? '');
        }
        return usual;
      },
    });
    const summary = await run(ping(everybody));
    expect(summary).toMatchObject({ expected: 2, responses: 2, unexpected: 1, states: { ok: 3 } });
    expect(await rowsOf(summary.runId)).toMatchObject([{}, {}, { identity: 'web99', arrival: 'unexpected' }]);
  });

  it('that are forged, malformed or doubled are counted, and harm nothing', async () => {
    const mallory = await bench.fleet.add('mallory', { answer: () => null });
    await bench.fleet.add('web01', {
      answer: async (request, usual) => {
        if (request.agent !== 'rpcutil' || request.action !== 'ping') return usual;
        const replyTo = request.replyTo ?? '';
        await mallory.sendRaw(await mallory.seal(usual), replyTo);
        await mallory.sendRaw(new Uint8Array([1, 2, 3]), replyTo);
        await mallory.sendRaw(await mallory.seal({ ...usual, sender: 'mallory', requestId: '0'.repeat(32) }), replyTo);
        await mallory.sendRaw(await mallory.seal({ hello: 'world' }), replyTo);
        const broken = await mallory.seal({ ...usual, sender: 'mallory' });
        broken[broken.length - 1] = (broken.at(-1) ?? 0) ^ 1;
        await mallory.sendRaw(broken, replyTo);
        return usual;
      },
    });
    const summary = await run(ping({ kind: 'nodes', identities: ['web01'] }));
    expect(summary).toMatchObject({ state: 'finished', responses: 1, unexpected: 0, states: { ok: 1 } });
    await eventually(() => {
      const codes = bench.log.map(({ code }) => code);
      for (const code of ['sender.mismatch', 'frame.malformed', 'message.malformed', 'signature.invalid'])
        expect(codes).toContain(code);
    });
    // Two were malformed; one was logged.
    expect(bench.log.filter(({ code }) => code === 'message.malformed')).toHaveLength(1);
  });

  it('carry the outcome of the node', async () => {
    await bench.fleet.add('web01', {
      answer: (request, usual) =>
        request.action === 'ping' && request.agent === 'rpcutil'
          ? { ...usual, outcome: 'refused', statusCode: 1, statusMessage: 'not you', data: {} }
          : usual,
    });
    const summary = await run(ping(everybody));
    expect(summary.states).toEqual({ refused: 1 });
    expect(await rowsOf(summary.runId)).toMatchObject([{ state: 'refused', statusCode: 1, statusMessage: 'not you' }]);
  });
});

describe('a run that nobody shall answer', () => {
  it('asks for no answer, waits for none, and leaves the nodes as sent', async () => {
    const nodes = await addNodes(names(2));
    const identities = [...names(2), 'nosuch'];
    const summary = await run(ping({ kind: 'nodes', identities }, { noResults: true, timeoutMs: 600_000 }));
    expect(summary).toMatchObject({ state: 'finished', noResults: true, expected: 3, responses: 0, fault: null });
    expect(summary.states).toEqual({ sent: 2, unknown_node: 1 });
    await eventually(() => {
      for (const { requests } of nodes) expect(requests.at(-1)).toMatchObject({ action: 'ping', replyTo: null });
    });
    expect(unwrap(await engine.runs.get(summary.runId))).toEqual(summary);
    expect((await rowsOf(summary.runId)).map(({ state }) => state).sort()).toEqual(['sent', 'sent', 'unknown_node']);
  });

  it('goes to many by one broadcast', async () => {
    const nodes = await addNodes(names(3));
    const summary = await run(ping(everybody, { noResults: true, delivery: 'broadcast' }));
    expect(summary.states).toEqual({ sent: 3 });
    await eventually(() => {
      for (const { requests } of nodes) expect(requests.at(-1)).toMatchObject({ target: null, replyTo: null });
    });
  });
});

it('a broadcast that is cancelled before its answers can be heard is not sent', async () => {
  // These nodes know nothing of agent `requests`.
  const answer: FakeNodeOptions['answer'] = ({ agent }, usual) => (agent === 'requests' ? null : usual);
  const nodes = await Promise.all(names(3).map((name) => bench.fleet.add(name, { answer })));
  const opened = Promise.withResolvers<undefined>();
  let runId = '';
  const slowly = (bus: Bus): Bus =>
    changedBus(bus, {
      async subscribe(subscription) {
        if (subscription.queue.name === replyQueueName('alice', runId)) await opened.promise;
        return bus.subscribe(subscription);
      },
    });
  const other = await bench.open({ bus: slowly });
  const started = unwrap(await other.runs.start(ping(everybody, { delivery: 'broadcast' })));
  runId = started.runId;
  const shows = (what: object) =>
    eventually(async () => expect(unwrap(await other.runs.get(runId))).toMatchObject(what));
  await shows({ state: 'running', states: { queued: 3 } });
  unwrap(await other.runs.cancel(runId));
  await shows({ state: 'stopping' });
  opened.resolve(undefined);
  expect(await started.finished).toMatchObject({ state: 'cancelled', states: { cancelled: 3 } });
  const asked = nodes.flatMap(({ requests }) => requests.map(({ agent, action }) => `${agent}.${action}`));
  expect(asked).not.toContain('rpcutil.ping');
});

describe('whoever watches', () => {
  it('hears of each answer once and of the end last', async () => {
    await addNodes(names(12));
    const summaries: RunSummary[] = [];
    const results: ResultDetail[] = [];
    const watch = {
      onChange: (summary: RunSummary) => summaries.push(summary),
      onResult: (result: ResultDetail) => results.push(result),
    };
    const last = await run(ping(everybody, { watch }));
    expect(results.map(({ identity }) => identity).sort()).toEqual(names(12));
    expect(summaries.at(-1)).toEqual(last);
    expect(summaries[0]?.state).toBe('discovering');
  });

  it('can begin later, by the id of the run', async () => {
    await addNodes(['web01']);
    const { runId, finished } = unwrap(await engine.runs.start(ping(everybody)));
    const seen: RunSummary[] = [];
    engine.runs.onChange(runId, (summary) => seen.push(summary));
    expect(seen.at(-1) ?? (await finished)).toBeDefined();
    await finished;
    expect(seen.at(-1)).toMatchObject({ state: 'finished' });
  });
});

describe('what does not fit is refused before anything is sent', () => {
  it.each([
    ['an unknown agent', { agent: 'nosuch' }, 'agent.unknown'],
    ['an unknown action', { action: 'nosuch' }, 'request.unknown_action'],
    ['a missing input', { action: 'get_fact' }, 'request.invalid_input'],
    ['an input that does not fit', { action: 'get_fact', inputs: { fact: 'much too long' } }, 'request.invalid_input'],
    ['a broken filter', { target: { kind: 'filter', filter: 'os =' } }, 'filter.syntax'],
    ['an unknown collective', { collective: 'mars' }, 'request.wrong_collective'],
  ] as const)('%s', async (_what, more, code) => {
    const [node] = await addNodes(['web01']);
    const started = await engine.runs.start({ ...ping(everybody), ...more });
    expect(started).toMatchObject({ ok: false, error: { code } });
    expect(node?.requests.filter(({ agent, action }) => agent === 'rpcutil' && action !== 'agent_inventory')).toEqual(
      [],
    );
    expect(unwrap(await engine.runs.list({ search: '', offset: 0, limit: 10 })).total).toBe(0);
  });

  it('no connection', async () => {
    await addNodes(['web01']);
    unwrap(await engine.inventory.agent('rpcutil'));
    bench.broker.stop();
    expect(await engine.runs.start(ping(everybody))).toMatchObject({ ok: false, error: { code: 'broker.closed' } });
  });
});

it('checks an order against the versions that its nodes have, and keeps what any of them takes for a secret', async () => {
  const newer = fakeAgents.map((ddl) =>
    ddl.name !== 'rpcutil'
      ? ddl
      : {
          ...ddl,
          version: '2.0.0',
          actions: ddl.actions.map((action) =>
            action.name === 'get_fact' && action.inputs['fact'] !== undefined
              ? { ...action, inputs: { ...action.inputs, depth: { ...action.inputs['fact'], sensitive: true } } }
              : action,
          ),
        },
  );
  await addNodes(['web01']);
  await bench.fleet.add('db01', { agents: newer });
  unwrap(await engine.inventory.refresh());
  const order = (identities: string[], inputs: Record<string, string>) =>
    engine.runs.start(ping({ kind: 'nodes', identities }, { action: 'get_fact', inputs }));
  expect(await order(['web01'], { fact: 'os', depth: '2' })).toMatchObject({
    error: { code: 'request.invalid_input', message: expect.stringContaining('depth') as string },
  });
  expect(await order(['db01'], { fact: 'os' })).toMatchObject({
    error: { message: expect.stringContaining('depth') as string },
  });
  const mixed = unwrap(await order(['web01', 'db01'], { fact: 'os', depth: '2' }));
  expect((await mixed.finished).inputs).toEqual({ fact: 'os', depth: '(sensitive)' });
  expect(await order(['web01', 'db01'], { fact: 'os', depth: '2', odd: '1' })).toMatchObject({
    error: { code: 'request.invalid_input' },
  });
});

it('fills in defaults, and neither stores nor shows sensitive inputs', async () => {
  const [node] = await addNodes(['web01']);
  const summary = await run(ping(everybody, { action: 'login', inputs: { token: 'hunter2' } }));
  expect(node?.requests.at(-1)).toMatchObject({
    inputs: { token: 'hunter2', mode: 'plain' },
    plain: { mode: 'plain' },
  });
  expect(summary.inputs).toEqual({ token: '(sensitive)', mode: 'plain' });
});

describe('a run with sensitive inputs', () => {
  const login = (identities: readonly string[], more: Partial<EngineRunOrder> = {}) =>
    run(
      ping({ kind: 'nodes', identities: [...identities] }, { action: 'login', inputs: { token: 'hunter2' }, ...more }),
    );

  it('asks nodes for their keys that have not told them, and leaves out those that have none', async () => {
    const [, , old] = [...(await addNodes(['web01', 'web02'])), await bench.fleet.add('old01', { sealing: null })];
    const summary = await login(['web01', 'web02', 'old01'], { timeoutMs: 60_000 });
    expect(summary).toMatchObject({ state: 'finished', states: { ok: 2, unsealable: 1 } });
    expect(old?.requests.map(({ action }) => action)).not.toContain('login');
    expect(await rowsOf(summary.runId)).toMatchObject([
      { identity: 'old01', state: 'unsealable' },
      { identity: 'web01', state: 'ok' },
      { identity: 'web02', state: 'ok' },
    ]);
  });

  it('asks anew for the key of a node that could not open what was sealed to the last', async () => {
    const before = await bench.fleet.add('web01');
    unwrap(await engine.inventory.refresh());
    await before.leave();
    await bench.fleet.add('web01');
    expect(await login(['web01'])).toMatchObject({ states: { refused: 1 } });
    await eventually(async () => expect(await login(['web01'])).toMatchObject({ states: { ok: 1 } }));
  });

  it('takes no key back for an older one', async () => {
    const storage = await bench.openStorage();
    const note = async (recipient: string, announcedAtMs: number) =>
      unwrap(await storage.noteRecipients([{ identity: 'web01', recipient, announcedAtMs }]));
    await note('age1new', 2);
    await note('age1old', 1);
    expect(unwrap(await storage.recipientsOf(['web01', 'web02']))).toEqual([
      { identity: 'web01', recipient: 'age1new' },
    ]);
  });

  it('goes to each node by itself, however many there are', async () => {
    const nodes = await addNodes(names(3));
    const order = ping(everybody, { action: 'login', inputs: { token: 'hunter2' }, delivery: 'broadcast' });
    expect(await run(order)).toMatchObject({ states: { ok: 3 } });
    expect(nodes.map(({ requests }) => requests.at(-1)?.target)).toEqual(names(3));
  });

  it('is not asked for aside from the history', async () => {
    await addNodes(['web01']);
    const question = { agent: 'rpcutil', action: 'login', inputs: { token: 'hunter2' }, identities: ['web01'] };
    const asked = await engine.ask({ ...question, timeoutMs: 1000, onAnswer: () => undefined });
    expect(asked).toMatchObject({ error: { code: 'usage.invalid' } });
  });
});

it('goes on when the broker was away in the middle', async () => {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  await bench.fleet.add('web01', {
    answer: async (request, usual) => {
      if (request.agent === 'rpcutil' && request.action === 'ping') await held;
      return usual;
    },
  });
  const { runId, finished } = unwrap(
    await engine.runs.start(ping({ kind: 'nodes', identities: ['web01'] }, { timeoutMs: 5000 })),
  );
  await eventually(async () => expect(unwrap(await engine.runs.get(runId)).states).toEqual({ sent: 1 }));
  bench.broker.stop();
  bench.broker.start();
  release();
  expect(await finished).toMatchObject({ states: { ok: 1 } });
});

it('tries again to store what the database refused for a while', async () => {
  let refusals = 2;
  engine = await bench.open({
    storage: (storage) => ({
      ...storage,
      recordRun: (changes, consoleId) =>
        changes.answers?.length === 1 && refusals-- > 0
          ? Promise.resolve({ ok: false, error: { code: 'storage.full', message: 'no space left' } })
          : storage.recordRun(changes, consoleId),
    }),
    // Pauses are not what this test is about.
    startTimer: (afterMs, task) => {
      const timer = setTimeout(task, Math.min(afterMs, 50));
      return () => clearTimeout(timer);
    },
  });
  await addNodes(['web01']);
  const summary = await run(ping({ kind: 'nodes', identities: ['web01'] }));
  expect(await rowsOf(summary.runId)).toMatchObject([{ state: 'ok' }]);
});

/** A node that answers its ping only when it is told to. */
async function addHeld(identity: string) {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const node = await bench.fleet.add(identity, {
    answer: async (request, usual) => {
      if (request.agent === 'rpcutil' && request.action === 'ping') await held;
      return usual;
    },
  });
  return { node, release };
}

describe('a run that outlives its engine', () => {
  const held = { kind: 'nodes' as const, identities: ['web01'] };
  const sent = (runId: string, by: Engine) =>
    eventually(async () => expect(unwrap(await by.runs.get(runId)).states).toEqual({ sent: 1 }));

  it('keeps its place and its queue, and another takes the answers that came meanwhile', async () => {
    const { node, release } = await addHeld('web01');
    const { runId, finished } = unwrap(await engine.runs.start(ping(held, { timeoutMs: 60_000 })));
    await sent(runId, engine);
    await engine.close();
    expect(await finished).toMatchObject({ state: 'running', finishedAtMs: null, isConducted: false });
    release();
    const other = await bench.open();
    expect(unwrap(await other.runs.get(runId))).toMatchObject({ state: 'running', isConducted: false });
    const results: ResultDetail[] = [];
    const attached = unwrap(await other.runs.attach(runId, { onResult: (result) => results.push(result) }));
    const last = await attached.finished;
    expect(last).toMatchObject({ state: 'finished', responses: 1, states: { ok: 1 } });
    expect(results).toMatchObject([{ identity: 'web01', state: 'ok', arrival: 'on_time' }]);
    expect(unwrap(await other.runs.get(runId))).toEqual(last);
    // The queue is gone, and every copy was the same request.
    await eventually(async () => {
      const routingKey = replyQueueName('alice', runId);
      const message = {
        exchange: 'muster.reply',
        routingKey,
        body: new Uint8Array(),
        persistent: false,
        mandatory: true,
      };
      expect(await bench.nodeBus.publish(message)).toMatchObject({ error: { code: 'broker.unroutable' } });
    });
    const copies = node.requests.filter(({ requestId }) => requestId === runId);
    expect(new Set(copies.map(({ issuedAtMs, ttlMs }) => `${issuedAtMs} ${ttlMs}`)).size).toBe(1);
    expect(new Set(copies.map(({ nonce }) => nonce)).size).toBe(copies.length);
  });

  it('goes on by itself in an engine that adopts runs', async () => {
    const { release } = await addHeld('web01');
    const { runId } = unwrap(await engine.runs.start(ping(held, { timeoutMs: 60_000 })));
    await sent(runId, engine);
    await engine.close();
    release();
    const other = await bench.open({ adoptRuns: true });
    await eventually(async () =>
      expect(unwrap(await other.runs.get(runId))).toMatchObject({ state: 'finished', states: { ok: 1 } }),
    );
  });

  it('sends secrets once more only as long as it is not final', async () => {
    let answers = false;
    const node = await bench.fleet.add('web01', {
      answer: (request, usual) => (request.action === 'login' && !answers ? null : usual),
    });
    const inputs = { token: 'hunter2' };
    const order = ping(held, { action: 'login', inputs, timeoutMs: 60_000 });
    const { runId } = unwrap(await engine.runs.start(order));
    await sent(runId, engine);
    await engine.close();
    const files = await readdir(join(bench.file, '..'));
    for (const file of files) {
      const bytes = await readFile(join(bench.file, '..', file));
      expect(bytes.includes('hunter2')).toBe(false);
    }
    answers = true;
    const other = await bench.open();
    const last = await unwrap(await other.runs.attach(runId)).finished;
    expect(last).toMatchObject({ state: 'finished', states: { ok: 1 }, inputs: { token: '(sensitive)' } });
    const copies = node.requests.filter(({ requestId }) => requestId === runId);
    expect(copies.length).toBeGreaterThan(1);
    for (const copy of copies)
      expect(copy).toMatchObject({ inputs: { token: 'hunter2', mode: 'plain' }, plain: { mode: 'plain' } });
    // Each copy is sealed anew.
    expect(new Set(copies.map(({ sealed }) => sealed)).size).toBe(copies.length);
  });

  it('is followed by others, and ends as any of them wishes', async () => {
    await addHeld('web01');
    const { runId, finished } = unwrap(await engine.runs.start(ping(held, { timeoutMs: 60_000, deliveryMs: 8000 })));
    await sent(runId, engine);
    const other = await bench.open();
    const seen: RunSummary[] = [];
    const attached = unwrap(await other.runs.attach(runId, { onChange: (summary) => seen.push(summary) }));
    expect(unwrap(await other.runs.cancel(runId)).runId).toBe(runId);
    expect(await finished).toMatchObject({ state: 'cancelled', fault: { code: 'run.cancelled' } });
    expect((await attached.finished).state).toBe('cancelled');
    expect(seen.at(-1)).toMatchObject({ state: 'cancelled', runId });
    expect(await other.runs.resume(runId)).toMatchObject({ ok: false, error: { code: 'run.ended' } });
    expect(await other.runs.pause('0'.repeat(32))).toMatchObject({ ok: false, error: { code: 'run.unknown' } });
  });
});
