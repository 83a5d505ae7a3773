import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openEngine, type Engine } from '@muster/client/engine';
import type { RunOrder } from '@muster/protocol/bridge';
import { unwrap } from '@muster/protocol/errors';
import { nodeQueueName, replyQueueName } from '@muster/protocol/topology';
import { addConsole } from '../../support/agent/add-console.ts';
import { LedgerFleet } from '../../support/agent/ledger-fleet.ts';
import { createTestHome, type TestHome } from '../../support/agent/test-home.ts';
import { connectAmqp, openChannel } from '../../support/amqp.ts';
import { eventually } from '../../support/eventually.ts';
import { startTestBroker, type TestBroker } from '../../support/test-broker.ts';

const starter = fileURLToPath(new URL('../../support/client/run-starter.ts', import.meta.url));
const longMs = 90_000;
const hourMs = 3_600_000;
const nodes = ['web1.example.com', 'web2.example.com'] as const;
const [first, last] = nodes;

let broker: TestBroker;
let home: TestHome;
let engine: Engine;
let fleet: LedgerFleet;

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  if (child.exitCode !== null || !child.kill('SIGKILL')) return;
  await ended;
}

beforeAll(async () => {
  broker = await startTestBroker({ nodes });
  home = await createTestHome(broker.authority);
  await addConsole(home, await broker.personSettings('demo'));
  fleet = new LedgerFleet(home);
  await Promise.all(nodes.map((node) => fleet.add(node, broker.url)));
  await Promise.all(nodes.map((node) => fleet.start(node)));
  engine = unwrap(await openEngine({ home: home.folder, followFleet: true, adoptRuns: false }));
  unwrap(await engine.connection.waitUntilUp(longMs));
  await eventually(async () => expect(unwrap(await engine.inventory.refresh()).nodes).toBe(nodes.length), longMs);
});
afterAll(async () => {
  await engine.close();
  await fleet.stop();
  await broker.stop();
  await home.remove();
});
afterEach(() => fleet.startFallen());

const begins = (name: string, on: readonly string[] = nodes) => fleet.begins(name, on);
const letEnd = (name: string, on: readonly string[] = nodes) => fleet.letEnd(name, on);
const ranOnce = (name: string, on: readonly string[] = nodes) => fleet.ranOnce(name, on);

async function start(name: string, more: Partial<RunOrder> & { identities?: readonly string[] } = {}) {
  const { identities = nodes, ...order } = more;
  const target = { kind: 'nodes' as const, identities: [...identities] };
  return unwrap(await engine.runs.start({ agent: 'ledger', action: 'work', inputs: { name }, target, ...order }));
}
const shows = (runId: string, what: object) =>
  eventually(async () => expect(unwrap(await engine.runs.get(runId))).toMatchObject(what), longMs);

async function deleteQueue(name: string, as: 'node' | 'person'): Promise<void> {
  const settings = as === 'node' ? await broker.nodeSettings(last) : await broker.personSettings('demo');
  const connection = await connectAmqp(settings);
  const channel = await openChannel(connection);
  await channel.deleteQueue(name);
  await connection.close();
}

describe('a console that is killed', () => {
  const stages = {
    stored: () => Promise.resolve(),
    running: (name: string) => begins(name),
    answered: async (name: string, answers: () => boolean) => {
      await begins(name);
      await letEnd(name, [first]);
      await eventually(() => expect(answers()).toBe(true), longMs);
    },
  };

  it.each(Object.entries(stages))('when its run is %s loses nothing, and no node acts twice', async (stage, reach) => {
    const args = [starter, home.folder, 'ledger', 'work', stage, ...nodes];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
    const runId = () => /^[0-9a-f]{32}$/m.exec(printed)?.[0];
    await eventually(() => expect(runId()).toBeDefined(), longMs);
    await reach(stage, () => /^1$/m.test(printed));
    await kill(child);
    const attached = await engine.runs.attach(runId() ?? '');
    await begins(stage, stage === 'answered' ? [last] : nodes);
    await letEnd(stage);
    expect(await unwrap(attached).finished).toMatchObject({ state: 'finished', responses: 2, states: { ok: 2 } });
    await ranOnce(stage);
  });
});

describe('a node that is away', () => {
  it('is waited for, and acts once when it is back', async () => {
    await fleet.kill(last);
    const run = await start('away', { deliveryMs: 1000, untilMs: Date.now() + hourMs });
    await begins('away', [first]);
    await letEnd('away');
    await shows(run.runId, { state: 'running', states: { ok: 1, waiting: 1 } });
    await fleet.start(last);
    expect(await run.finished).toMatchObject({ state: 'finished', states: { ok: 2 } });
    await ranOnce('away');
  });

  it('never acts after the time until when that was wanted', async () => {
    await fleet.kill(last);
    const run = await start('gone', { identities: [last], deliveryMs: 1000, untilMs: Date.now() + 4000 });
    expect(await run.finished).toMatchObject({ state: 'finished', states: { expired: 1 } });
    await fleet.start(last);
    await letEnd('next', [last]);
    expect(await (await start('next', { identities: [last] })).finished).toMatchObject({ states: { ok: 1 } });
    expect(await fleet.lines(last, 'gone')).toEqual([]);
    expect(unwrap(await engine.runs.get(run.runId)).states).toEqual({ expired: 1 });
  });

  it('gets the request although its queue was lost with it', async () => {
    await fleet.kill(last);
    const run = await start('lost', { identities: [last], deliveryMs: 1000, untilMs: Date.now() + hourMs });
    await shows(run.runId, { states: { waiting: 1 } });
    await deleteQueue(nodeQueueName(last), 'node');
    await fleet.start(last);
    await begins('lost', [last]);
    await letEnd('lost', [last]);
    expect(await run.finished).toMatchObject({ state: 'finished', states: { ok: 1 } });
    await ranOnce('lost', [last]);
  });
});

it('answers arrive although the queue for them was deleted', async () => {
  const run = await start('reply');
  await begins('reply');
  await deleteQueue(replyQueueName('demo', run.runId), 'person');
  await letEnd('reply');
  expect(await run.finished).toMatchObject({ state: 'finished', states: { ok: 2 } });
  await ranOnce('reply');
});

describe('cancelling', () => {
  it('ends what runs and can be ended, and keeps from beginning what has not begun', async () => {
    const running = await start('ended', { action: 'wait' });
    await begins('ended');
    const behind = await start('behind');
    await shows(behind.runId, { states: { accepted: 2 } });
    unwrap(await engine.runs.cancel(behind.runId));
    expect(await behind.finished).toMatchObject({ state: 'cancelled', states: { cancelled: 2 } });
    unwrap(await engine.runs.cancel(running.runId));
    expect(await running.finished).toMatchObject({ state: 'cancelled', states: { cancelled: 2 } });
    for (const node of nodes) {
      expect(await fleet.lines(node, 'ended')).toEqual(['begin ended', 'stop ended']);
      expect(await fleet.lines(node, 'behind')).toEqual([]);
    }
  });

  it('waits for the outcome of what cannot be ended', async () => {
    const run = await start('stays', { identities: [first] });
    await begins('stays', [first]);
    unwrap(await engine.runs.cancel(run.runId));
    await shows(run.runId, { state: 'stopping' });
    await letEnd('stays', [first]);
    expect(await run.finished).toMatchObject({ state: 'cancelled', states: { ok: 1 } });
    await ranOnce('stays', [first]);
  });
});

describe('a roll-out', () => {
  it('asks nobody else when its canary fails', async () => {
    const rollout = { canary: { size: { unit: 'nodes', amount: 1 }, hold: false } } as const;
    const run = await start('canary', { identities: ['nosuch.example.com', ...nodes], rollout });
    expect(await run.finished).toMatchObject({
      state: 'stopped',
      fault: { code: 'run.canary_failed' },
      states: { unknown_node: 1, skipped: 2 },
    });
    for (const node of nodes) expect(await fleet.lines(node, 'canary')).toEqual([]);
  });

  it('waits until another of the same action is over', async () => {
    const rollout = { lock: true } as const;
    const one = await start('one', { rollout });
    await begins('one');
    const two = await start('two', { rollout });
    await shows(two.runId, { state: 'running', hold: 'lock', states: { queued: 2 } });
    await letEnd('one');
    expect(await one.finished).toMatchObject({ states: { ok: 2 } });
    await begins('two');
    await letEnd('two');
    expect(await two.finished).toMatchObject({ states: { ok: 2 } });
    await ranOnce('two');
  });
});
