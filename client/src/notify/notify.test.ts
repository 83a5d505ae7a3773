import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '@muster/protocol/errors';
import { createEngineBench, type EngineBench } from '../../../test/support/client/engine-bench.ts';
import type { FakeNodeOptions } from '../../../test/support/client/fake-fleet.ts';
import { openWebhookReceiver, type WebhookReceiver } from '../../../test/support/client/webhook-receiver.ts';
import { SimulatedRunall } from '../../../test/support/client/simulated-runall.ts';
import { eventually } from '../../../test/support/eventually.ts';
import type { Engine } from '../engine/engine.ts';
import type { EngineRunOrder } from '../engine/parts/runs.ts';
import { createAnnouncer } from './announcer.ts';
import { notifyEventSchema, type NotifyDocument } from './event.ts';
import { giveUpAfterMs, nextAttemptMs } from './pauses.ts';
import type { WebhookSettings } from './settings.ts';

let bench: EngineBench;
let receiver: WebhookReceiver;
let folder: string;

beforeEach(async () => {
  bench = await createEngineBench();
  receiver = await openWebhookReceiver();
  folder = await mkdtemp(join(tmpdir(), 'muster notify '));
});
afterEach(async () => {
  await bench.close();
  await receiver.close();
  await rm(folder, { recursive: true });
});

/** A runall that has begun. */
const simulated = new SimulatedRunall([]);

const ops = (more: Partial<WebhookSettings> = {}): WebhookSettings => ({
  kind: 'webhook',
  name: 'ops',
  on: ['finished', 'failed', 'threshold'],
  url: `${receiver.url}/hidden`,
  secretFile: null,
  tokenFile: null,
  ca: null,
  timeoutMs: 5000,
  ...more,
});
const documents = (of = receiver): readonly NotifyDocument[] =>
  of.received.map(({ body }) => notifyEventSchema.parse(JSON.parse(body)));
const types = () => documents().map(({ type }) => type);
const status = (code: number) => (response: ServerResponse) => void response.writeHead(code).end();
const nodes = (...identities: string[]) => ({ kind: 'nodes', identities }) as const;

async function run(engine: Engine, target: EngineRunOrder['target'], more: Partial<EngineRunOrder> = {}) {
  const order = { agent: 'rpcutil', action: 'ping', inputs: {}, target, timeoutMs: 300, ...more };
  return unwrap(await engine.runs.start(order)).finished;
}
const targetOf = async (engine: Engine) => unwrap(await engine.notify.list())[0];

/** Of a console that looks for what is due without letting much time pass; it beats as ever. */
const serving = {
  serveNotifications: true,
  startTimer: (afterMs: number, then: () => void) => {
    const timer = setTimeout(then, afterMs > 4000 && afterMs !== 5000 ? 20 : afterMs);
    return () => clearTimeout(timer);
  },
};

/** Makes what waits due, as if its pause had passed; and older by so much. */
function letPausePass(byMs = 0): void {
  const db = new Database(bench.file);
  db.prepare(
    'UPDATE notifications SET next_at_ms = 1, queued_at_ms = queued_at_ms - ? WHERE next_at_ms IS NOT NULL',
  ).run(byMs);
  db.close();
}

describe('a run', () => {
  it('that went well is told as finished, with counts and without inputs', async () => {
    await bench.fleet.add('web01');
    const engine = await bench.open({ notify: [ops()] });
    const summary = await run(engine, nodes('web01'), { action: 'get_fact', inputs: { fact: 'unspoken' } });
    await eventually(() => expect(receiver.received).toHaveLength(1));
    const [document] = documents();
    expect(document).toMatchObject({
      specversion: '1.0',
      id: receiver.received[0]?.headers['webhook-id'],
      source: '/muster/alice',
      type: 'muster.run.finished.v1',
      subject: `run/${summary.runId}`,
      data: {
        kind: 'run',
        id: summary.runId,
        agent: 'rpcutil',
        action: 'get_fact',
        person: 'alice',
        collective: 'muster',
        state: 'finished',
        threshold_tripped: false,
        fault: null,
        started: new Date(summary.startedAtMs).toISOString(),
        ended: new Date(summary.finishedAtMs ?? 0).toISOString(),
        nodes: 1,
        answers: 1,
        states: { ok: 1 },
        link: `muster://run/${summary.runId}`,
      },
    });
    expect(receiver.received[0]?.body).not.toMatch(/unspoken|web01/);
    await eventually(async () =>
      expect(await targetOf(engine)).toMatchObject({
        server: receiver.url,
        isEncrypted: false,
        isSigned: false,
        waiting: 0,
        last: { event: 'finished', about: 'run', aboutId: summary.runId, state: 'delivered', attempts: 1, fault: null },
      }),
    );
    expect(JSON.stringify(await targetOf(engine))).not.toContain('hidden');
  });

  it('with a silent node, or without any, is told as failed', async () => {
    await bench.fleet.add('web01', {
      answer: ({ agent, action }, usual) => (agent === 'rpcutil' && action === 'ping' ? null : usual),
    });
    const engine = await bench.open({ notify: [ops()] });
    await run(engine, nodes('web01'));
    await run(engine, { kind: 'filter', filter: '@identity=~/^db/' });
    await eventually(() => expect(types()).toEqual(['muster.run.failed.v1', 'muster.run.failed.v1']));
    expect(documents()).toMatchObject([
      { data: { state: 'finished', states: { no_answer: 1 }, answers: 0 } },
      {
        data: {
          fault: { code: 'run.no_targets', meaning: 'No node was discovered, so no request was sent' },
          nodes: 0,
        },
      },
    ]);
  });

  it('that meets its limit is told of that first, and of its end', async () => {
    const broken: FakeNodeOptions = {
      answer: ({ agent, action }, usual) =>
        agent === 'rpcutil' && action === 'ping' ? { ...usual, outcome: 'failed', statusCode: 1 } : usual,
    };
    for (const name of ['web01', 'web02', 'web03']) await bench.fleet.add(name, broken);
    const engine = await bench.open({ notify: [ops(), ops({ name: 'ends', on: ['failed'] })] });
    const rollout = { concurrency: { unit: 'nodes', amount: 1 }, maxErrors: { unit: 'nodes', amount: 0 } } as const;
    const summary = await run(engine, nodes('web01', 'web02', 'web03'), { rollout });
    expect(summary.fault?.code).toBe('run.too_many_errors');
    await eventually(() => expect(receiver.received).toHaveLength(3));
    expect([...types()].sort()).toEqual(['muster.run.failed.v1', 'muster.run.failed.v1', 'muster.run.threshold.v1']);
    expect(new Set(documents().map(({ id }) => id)).size).toBe(3);
    expect(documents().find(({ type }) => type.includes('threshold'))).toMatchObject({
      data: { threshold_tripped: true, state: 'stopping', ended: null, fault: { code: 'run.too_many_errors' } },
    });
  });

  it('is not told to whom did not ask for it', async () => {
    await bench.fleet.add('web01');
    const engine = await bench.open({ notify: [ops({ on: ['failed'] })] });
    await run(engine, nodes('web01'));
    await engine.close();
    expect(receiver.received).toEqual([]);
  });
});

describe('a runall', () => {
  it.each([
    ['finished', { ok: 2, changed: 1, failed: 0, unknown: 0 }, { disabled: 1 }, 'finished'],
    ['finished', { ok: 2, changed: 0, failed: 1, unknown: 0 }, {}, 'failed'],
    ['finished', { ok: 3, changed: 0, failed: 0, unknown: 0 }, { no_answer: 1 }, 'failed'],
    ['cancelled', { ok: 3, changed: 0, failed: 0, unknown: 0 }, {}, 'failed'],
  ] as const)('that is %s with %o and %o skipped is told as %s', (state, results, skipped, event) => {
    const run = { ...simulated.summary, state, results, skipped, states: { done: 3, skipped: 1 }, finishedAtMs: 9000 };
    const [queued] = createAnnouncer(
      [ops()],
      () => 10_000,
      () => undefined,
    ).endedRunall(run);
    const document = notifyEventSchema.parse(JSON.parse(queued?.body ?? ''));
    expect(document).toMatchObject({
      type: `muster.runall.${event}.v1`,
      subject: `runall/${run.runallId}`,
      data: { agent: 'puppet', nodes: 4, answers: 3, states: { ok: results.ok, skipped: 1 }, link: null },
    });
  });

  it('is stored with its end, once, however often that is written', async () => {
    const storage = await bench.openStorage();
    const summary = { ...simulated.summary, state: 'finished', finishedAtMs: 9000 } as const;
    unwrap(await storage.insertRunall(simulated.summary, 'me'));
    const notifications = createAnnouncer(
      [ops()],
      () => 10_000,
      () => undefined,
    ).endedRunall(summary);
    unwrap(await storage.recordRunall({ summary, nodes: [], notifications }, 'me'));
    unwrap(await storage.recordRunall({ summary, nodes: [], notifications }, 'me'));
    expect(await storage.recordRunall({ summary, nodes: [], notifications }, 'another')).toMatchObject({ ok: false });
    expect(unwrap(await storage.notificationBook(['ops'])).entries).toMatchObject([
      { waiting: 1, last: { about: 'runall', aboutId: summary.runallId, event: 'finished' } },
    ]);
  });
});

describe('delivery', () => {
  beforeEach(() => bench.fleet.add('web01'));

  it('is tried again under the same id, and told once when it worked', async () => {
    receiver.answer((response, place) => void response.writeHead(place === 1 ? 500 : 204).end());
    const engine = await bench.open({ notify: [ops()], ...serving });
    await run(engine, nodes('web01'));
    await eventually(async () =>
      expect(await targetOf(engine)).toMatchObject({
        waiting: 1,
        last: { state: 'waiting', attempts: 1, fault: { code: 'notify.failed' } },
      }),
    );
    letPausePass();
    await eventually(async () =>
      expect(await targetOf(engine)).toMatchObject({ waiting: 0, last: { state: 'delivered', attempts: 2 } }),
    );
    const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(ids).toEqual([ids[0], ids[0]]);
    expect(unwrap(await engine.notices.list())).toEqual([]);
  });

  it('goes on in another console after the first ended', async () => {
    receiver.answer(status(503));
    const first = await bench.open({ notify: [ops()] });
    await run(first, nodes('web01'));
    await first.close();
    expect(receiver.received).toHaveLength(1);
    receiver.answer(status(204));
    letPausePass();
    const second = await bench.open({ notify: [ops()], ...serving });
    await eventually(async () => expect(await targetOf(second)).toMatchObject({ last: { state: 'delivered' } }));
    expect(documents()[0]).toEqual(documents()[1]);
  });

  it('is given an attempt before a short-lived console ends, and no more than that', async () => {
    const engine = await bench.open({ notify: [ops()] });
    await run(engine, nodes('web01'));
    await engine.close();
    expect(types()).toEqual(['muster.run.finished.v1']);
  });

  it('of one notification is by one console, however many there are', async () => {
    receiver.answer(status(503));
    const first = await bench.open({ notify: [ops()] });
    for (let count = 0; count < 5; count++) await run(first, nodes('web01'));
    await first.close();
    const asked = receiver.received.length;
    receiver.answer(status(204));
    letPausePass();
    const [one, other] = await Promise.all([
      bench.open({ notify: [ops()], ...serving }),
      bench.open({ notify: [ops()], ...serving }),
    ]);
    await eventually(async () => expect(await targetOf(one)).toMatchObject({ waiting: 0 }));
    await Promise.all([one.close(), other.close()]);
    const ids = receiver.received.slice(asked).map(({ headers }) => headers['webhook-id']);
    expect(ids).toHaveLength(5);
    expect(new Set(ids).size).toBe(5);
  });

  it('that a console had begun when it died is tried by the next one', async () => {
    receiver.answer(status(503));
    const first = await bench.open({ notify: [ops()] });
    await run(first, nodes('web01'));
    await first.close();
    letPausePass();
    const dead = await bench.openStorage();
    expect(unwrap(await dead.claimNotification('ops', 'a console that is alive', 2))).toMatchObject({ attempts: 1 });
    expect(unwrap(await dead.claimNotification('ops', 'another', 2))).not.toBeNull();
    unwrap(await dead.beat('another', Date.now()));
    expect(unwrap(await dead.claimNotification('ops', 'a third', 2))).toBeNull();
    unwrap(await dead.forgetConsole('another'));
    receiver.answer(status(204));
    const second = await bench.open({ notify: [ops()], ...serving });
    await eventually(async () => expect(await targetOf(second)).toMatchObject({ last: { state: 'delivered' } }));
  });

  it('does not hold up another target when one hangs, nor the end of the console', async () => {
    const deaf = await openWebhookReceiver();
    deaf.answer(() => undefined);
    const engine = await bench.open({
      notify: [ops({ name: 'deaf', url: deaf.url, timeoutMs: 60_000 }), ops()],
      // The parting ends at once, and with it the attempt.
      startTimer: (afterMs, then) => {
        const timer = setTimeout(then, afterMs === 5000 ? 50 : afterMs);
        return () => clearTimeout(timer);
      },
    });
    await run(engine, nodes('web01'));
    await eventually(() => expect(types()).toEqual(['muster.run.finished.v1']));
    await eventually(() => expect(deaf.received).toHaveLength(1));
    await engine.close();
    const storage = await bench.openStorage();
    expect(unwrap(await storage.notificationBook(['deaf'])).entries).toMatchObject([
      { waiting: 1, last: { state: 'waiting', attempts: 0, fault: null } },
    ]);
    await deaf.close();
  });

  it('is given up in its time, which a person is told with the reason', async () => {
    receiver.answer(status(503));
    const first = await bench.open({ notify: [ops()] });
    await run(first, nodes('web01'));
    await run(first, nodes('web01'));
    await first.close();
    letPausePass(giveUpAfterMs + 1);
    const asked = receiver.received.length;
    const second = await bench.open({ notify: [ops()], ...serving });
    await eventually(async () => expect(await targetOf(second)).toMatchObject({ last: { state: 'given_up' } }));
    expect(receiver.received).toHaveLength(asked);
    // One for the target, however many there were.
    expect(unwrap(await second.notices.list())).toMatchObject([
      {
        code: 'notify.given_up',
        message: expect.stringMatching(/^ops: not delivered within 24 hours: .*503/) as string,
      },
    ]);
  });

  it('that only a person can mend is told at once, until it works', async () => {
    receiver.answer(status(401));
    const engine = await bench.open({ notify: [ops()], ...serving });
    await run(engine, nodes('web01'));
    await eventually(async () =>
      expect(unwrap(await engine.notices.list())).toMatchObject([
        { code: 'notify.refused', message: expect.stringMatching(/^ops: .*HTTP 401/) as string },
      ]),
    );
    receiver.answer(status(204));
    letPausePass();
    await eventually(async () => expect(unwrap(await engine.notices.list())).toEqual([]));
  });
});

describe('a test', () => {
  it('is sent once, and says what was answered', async () => {
    const engine = await bench.open({ notify: [ops()] });
    expect(await engine.notify.test('ops')).toEqual({ ok: true, value: { answer: 'HTTP 204' } });
    expect(documents()).toMatchObject([{ type: 'muster.notification.test.v1', data: { target: 'ops' } }]);
    receiver.answer(status(500));
    expect(await engine.notify.test('ops')).toMatchObject({ ok: false, error: { code: 'notify.failed' } });
    expect(await engine.notify.test('nosuch')).toMatchObject({ ok: false, error: { code: 'notify.unknown' } });
    expect(await targetOf(engine)).toMatchObject({ waiting: 0, last: null });
  });
});

it('no secret, and no path of an address, is in the log or in the database', async () => {
  const secret = Buffer.alloc(32, 9).toString('base64');
  await writeFile(join(folder, 'secret'), `whsec_${secret}`, { mode: 0o600 });
  await bench.fleet.add('web01');
  receiver.answer(status(500));
  const engine = await bench.open({ notify: [ops({ secretFile: join(folder, 'secret') })] });
  await run(engine, nodes('web01'));
  await engine.close();
  expect(receiver.received[0]?.headers).toHaveProperty('webhook-signature');
  const log = JSON.stringify(bench.log);
  expect(log).toContain('a notification is not delivered yet');
  const db = new Database(bench.file, { readonly: true });
  const rows = JSON.stringify([
    db.prepare('SELECT * FROM notifications').all(),
    db.prepare('SELECT * FROM notices').all(),
  ]);
  db.close();
  for (const text of [log, rows]) {
    expect(text).not.toContain(secret);
    expect(text).not.toContain('/hidden');
  }
});

it('pauses grow, and a receiver may ask for longer ones within bounds', () => {
  const pauses = Array.from({ length: 10 }, (_, place) => nextAttemptMs(place + 1, 0));
  expect(pauses.slice(0, 3)).toEqual([5000, 30_000, 120_000]);
  expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
  expect(nextAttemptMs(1, 0, 60_000)).toBe(60_000);
  expect(nextAttemptMs(1, 0, 86_400_000)).toBe(3_600_000);
  // Within the time that a notification is tried there are many attempts.
  expect(pauses.slice(0, 8).reduce((sum, pause) => sum + pause, 0)).toBeLessThan(giveUpAfterMs);
});
