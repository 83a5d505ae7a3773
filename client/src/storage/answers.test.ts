import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunSummary } from '@muster/protocol/bridge';
import { actionSchema } from '@muster/protocol/ddl';
import { unwrap } from '@muster/protocol/errors';
import { createLogger } from '@muster/runtime/logging';
import { openStorage } from './open-storage.ts';
import type { StoredAnswer } from './stores/runs.ts';
import type { Storage } from './storage.ts';

const runId = 'a'.repeat(32);
const action = actionSchema.parse({
  name: 'status',
  description: 'Tells about a package',
  effect: 'read',
  outputs: {
    ensure: { description: '', display_as: 'State' },
    took: { description: '', display_as: 'Took', type: 'number' },
  },
  aggregates: [
    { function: 'summary', output: 'ensure' },
    { function: 'minmax', output: 'took' },
  ],
});
const started: RunSummary = {
  runId,
  person: 'alice',
  collective: 'muster',
  agent: 'package',
  action: 'status',
  inputs: {},
  target: { kind: 'filter', filter: '' },
  state: 'running',
  hold: null,
  holdUntilMs: null,
  isConducted: false,
  fault: null,
  startedAtMs: 1,
  sentAtMs: 2,
  finishedAtMs: null,
  discoveryMs: 3,
  timeoutMs: 4,
  deliveryMs: 4,
  executionMs: 4,
  ttlMs: 5,
  expected: 5,
  responses: 0,
  states: {},
  unexpected: 0,
};

let folder: string;
let storage: Storage;

async function open(): Promise<Storage> {
  const logger = createLogger({ name: 'test', level: 'silent', destination: { write: () => undefined } });
  return unwrap(await openStorage({ file: join(folder, 'muster.db'), clock: () => 1000, logger }));
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster answers test '));
  storage = await open();
  unwrap(await storage.insertRun(started, 'c', { agentVersion: '1.2.0', action }));
});
afterEach(async () => {
  await storage.close();
  await rm(folder, { recursive: true });
});

const answerOf = (identity: string, data: string, more: Partial<StoredAnswer> = {}): StoredAnswer => ({
  identity,
  state: 'ok',
  arrival: 'on_time',
  statusCode: 0,
  statusMessage: 'OK',
  data,
  elapsedMs: 12.5,
  outcome: 'ok',
  arrivedAtMs: 20,
  timings: null,
  signedBy: null,
  ...more,
});

let recorded = 0;
async function record(answers: readonly StoredAnswer[], expected: readonly string[] = []): Promise<void> {
  recorded += answers.length;
  const summary = { ...started, responses: recorded, states: { ok: recorded } };
  unwrap(await storage.recordRun({ summary, answers, expected }, 'c'));
}
beforeEach(() => {
  recorded = 0;
});

const choice = { runId, states: [], search: '', ignore: [], offset: 0, limit: 50 };

describe('the action of a run', () => {
  it('is kept with the run', async () => {
    expect(await storage.getRunAction(runId)).toEqual({ ok: true, value: { agentVersion: '1.2.0', action } });
    unwrap(await storage.insertRun({ ...started, runId: 'b'.repeat(32) }, 'c'));
    expect(await storage.getRunAction('b'.repeat(32))).toEqual({ ok: true, value: null });
    expect(await storage.getRunAction('c'.repeat(32))).toMatchObject({ error: { code: 'run.unknown' } });
  });
});

describe('groups of identical answers', () => {
  const groups = async (more: object = {}) => {
    const { total, groups: found, majority } = unwrap(await storage.groupAnswers({ ...choice, ...more }));
    return {
      total,
      found: found.map(({ nodes, state, data }) => `${nodes} ${state} ${JSON.stringify(data)}`),
      majority: majority?.data ?? null,
    };
  };

  it('hold what says the same, whatever the order of its members, the largest first', async () => {
    await record([answerOf('web03', '{"ensure":"1.0","took":{"b":1,"a":[1,2]}}')], ['db01', 'db02', 'db03', 'db04']);
    await record([
      answerOf('web01', '{"ensure":"1.1","took":1}'),
      answerOf('web02', '{"took":{"a":[1,2],"b":1},"ensure":"1.0"}'),
      answerOf('web04', '{"ensure":"1.0","took":{"a":[2,1],"b":1}}'),
      answerOf('web05', '{}', { state: 'failed', statusCode: 1, statusMessage: 'no such package' }),
    ]);
    expect(await groups()).toEqual({
      total: 5,
      found: [
        '4 queued {}',
        '2 ok {"took":{"a":[1,2],"b":1},"ensure":"1.0"}',
        '1 ok {"ensure":"1.1","took":1}',
        '1 ok {"ensure":"1.0","took":{"a":[2,1],"b":1}}',
        '1 failed {}',
      ],
      majority: { ensure: '1.0', took: { a: [1, 2], b: 1 } },
    });
    expect((await groups({ limit: 1, offset: 1 })).found).toHaveLength(1);
    expect((await groups({ states: ['failed'] })).found).toEqual(['1 failed {}']);
    expect((await groups({ search: '1.1' })).found).toEqual(['1 ok {"ensure":"1.1","took":1}']);
  });

  it('leave out the fields that do not matter, the message too', async () => {
    await record([
      answerOf('web01', '{"ensure":"1.0","took":1}'),
      answerOf('web02', '{"ensure":"1.0","took":2}', { statusMessage: 'OK after 2 s' }),
    ]);
    expect((await groups()).total).toBe(2);
    expect((await groups({ ignore: ['took'] })).total).toBe(2);
    expect((await groups({ ignore: ['took', '@message'] })).found).toEqual(['2 ok {"ensure":"1.0"}']);
  });

  it('tell all of their names, and grow as answers come', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `web${String(index + 10)}`);
    await record(names.map((name) => answerOf(name, '{"ensure":"1.0"}')).reverse());
    const [group] = unwrap(await storage.groupAnswers(choice)).groups;
    expect(group?.identities).toEqual(names.slice(0, 24));
    const key = group?.key ?? '';
    expect(unwrap(await storage.groupNodes({ ...choice, key }))).toEqual(names);
    expect(unwrap(await storage.groupNodes({ ...choice, key: 'nosuch' }))).toEqual([]);
    await record([answerOf('web99', '{"ensure":"1.0"}')]);
    expect(unwrap(await storage.groupAnswers(choice)).groups[0]).toMatchObject({ key, nodes: 41 });
  });

  it('belong to runs that there are', async () => {
    const unknown = { ...choice, runId: 'f'.repeat(32) };
    expect(await storage.groupAnswers(unknown)).toMatchObject({ error: { code: 'run.unknown' } });
    expect(await storage.groupNodes({ ...unknown, key: '' })).toMatchObject({ error: { code: 'run.unknown' } });
  });
});

describe('a filter over answers', () => {
  const sort = { by: '@identity', descending: false };
  const shown = async (filter: string, more: object = {}) => {
    const { total, rows } = unwrap(await storage.listResults({ ...choice, sort, filter, ...more }));
    return { total, rows: rows.map(({ identity }) => identity) };
  };
  const names = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => `web${String(from + index).padStart(3, '0')}`);

  beforeEach(async () => {
    await record(
      names(0, 200).map((name, index) => answerOf(name, `{"ensure":"${index % 4 === 0 ? 'absent' : '1.0'}"}`)),
      ['db01'],
    );
    await record([answerOf('odd', '{"ensure":"1.0"}', { state: 'failed', statusCode: 3, statusMessage: 'odd' })]);
  });

  it('chooses rows of the whole run, in slices', async () => {
    expect(await shown('data.ensure=absent', { limit: 2, offset: 48 })).toEqual({
      total: 50,
      rows: ['web192', 'web196'],
    });
    expect(await shown('queued or message=odd')).toEqual({ total: 2, rows: ['db01', 'odd'] });
    expect(await shown('data.ensure=absent', { search: 'web19', states: ['ok'] })).toEqual({
      total: 2,
      rows: ['web192', 'web196'],
    });
    expect(await shown('@identity=/^web00[0-2]$/', { sort: { by: '@identity', descending: true } })).toMatchObject({
      rows: ['web002', 'web001', 'web000'],
    });
  });

  it('looks again when answers have come', async () => {
    expect((await shown('data.ensure=absent')).total).toBe(50);
    await record([answerOf('db01', '{"ensure":"absent"}')]);
    expect((await shown('data.ensure=absent')).total).toBe(51);
  });

  it('gives the names of a slice, and of a report', async () => {
    const asked = { runId, states: [], search: '', filter: 'data.ensure=absent', sort };
    expect(unwrap(await storage.listResultNodes({ ...asked, offset: 1, limit: 2 })).identities).toEqual([
      'web004',
      'web008',
    ]);
    expect(unwrap(await storage.listResultNodes({ ...asked, filter: '', offset: 0, limit: 1000 })).identities).toEqual([
      'db01',
      'odd',
      ...names(0, 200),
    ]);
    expect(unwrap(await storage.reportedAnswers(asked))).toMatchObject({ states: { ok: 50 } });
    expect(unwrap(await storage.reportedOutputs(asked))).toEqual(['ensure']);
  });

  it('groups only what it chooses', async () => {
    const { total, nodes } = unwrap(await storage.groupAnswers({ ...choice, filter: 'not data.ensure=absent' }));
    expect([total, nodes]).toEqual([3, 152]);
  });

  it('is refused everywhere when it says nothing of answers', async () => {
    const odd = { ...choice, sort, filter: 'ensure=absent' };
    const fault = { error: { code: 'usage.invalid', position: { start: 0, end: 13 } } };
    expect(await storage.listResults(odd)).toMatchObject(fault);
    expect(await storage.listResultNodes(odd)).toMatchObject(fault);
    expect(await storage.groupAnswers(odd)).toMatchObject(fault);
    expect(await storage.groupNodes({ ...odd, key: 'a' })).toMatchObject(fault);
    expect(await storage.reportedAnswers(odd)).toMatchObject(fault);
    expect(await storage.reportedOutputs(odd)).toMatchObject(fault);
  });
});

describe('the updates of packages', () => {
  const asked = { runId, search: '', offset: 0, limit: 50 };
  const outdated = (...packages: readonly (readonly [name: unknown, version: unknown])[]) =>
    JSON.stringify({ outdated_packages: packages.map(([name, version]) => ({ package: name, version })) });

  it('are told by package, those of most nodes first', async () => {
    await record([
      answerOf('web01', outdated(['curl', '8.1'], ['bash', '5.2'])),
      answerOf('web02', outdated(['curl', '8.0'])),
      answerOf('web03', outdated(['curl', '8.1'], ['curl', '8.1'])),
      answerOf('web04', outdated()),
      answerOf('web05', outdated(['zsh', '1']), { state: 'failed', statusCode: 1 }),
    ]);
    expect(unwrap(await storage.packageUpdates(asked))).toEqual({
      total: 2,
      answered: 4,
      current: 1,
      updates: [
        {
          package: 'curl',
          nodes: 3,
          versions: [
            { version: '8.1', nodes: 2 },
            { version: '8.0', nodes: 1 },
          ],
          distinct: 2,
        },
        { package: 'bash', nodes: 1, versions: [{ version: '5.2', nodes: 1 }], distinct: 1 },
      ],
    });
    expect(unwrap(await storage.updateNodes({ runId, package: 'curl' }))).toEqual(['web01', 'web02', 'web03']);
    expect(unwrap(await storage.packageUpdates({ ...asked, search: 'BA' })).updates).toHaveLength(1);
    await record([answerOf('web06', outdated(['bash', '5.2']))]);
    expect(unwrap(await storage.packageUpdates({ ...asked, search: 'ba' })).updates[0]?.nodes).toBe(2);
  });

  it('pass over what has not the form of an update', async () => {
    await record([
      answerOf('web01', outdated([7, '1'], ['ok', { a: 1 }], ['ok', null])),
      answerOf('web02', '{"outdated_packages":["curl",null,3]}'),
      answerOf('web03', '{"outdated_packages":"curl"}'),
      answerOf('web04', '{}'),
    ]);
    const { total, current, updates } = unwrap(await storage.packageUpdates(asked));
    expect([total, current]).toEqual([1, 3]);
    expect(updates[0]).toMatchObject({ package: 'ok', nodes: 1 });
  });

  it('belong to runs that there are', async () => {
    const unknown = { ...asked, runId: 'f'.repeat(32) };
    expect(await storage.packageUpdates(unknown)).toMatchObject({ error: { code: 'run.unknown' } });
    expect(await storage.updateNodes({ ...unknown, package: '' })).toMatchObject({ error: { code: 'run.unknown' } });
  });
});

describe('the summaries of a run', () => {
  it('grow with its answers, and count each of them once', async () => {
    const found = async () =>
      unwrap(await storage.summariseRun(runId)).map(({ answers, finding }) => [answers, finding]);
    expect(await found()).toEqual([
      [0, { kind: 'counts', counts: [], distinct: 0, others: 0 }],
      [0, { kind: 'minmax', min: null, max: null, average: null }],
    ]);
    await record([
      answerOf('web01', '{"ensure":"1.0","took":4}', { arrivedAtMs: 100_000 }),
      answerOf('web02', '{"ensure":"1.1","took":2}', { arrivedAtMs: 100_000 }),
    ]);
    expect(await found()).toHaveLength(2);
    await record([
      // At the same time, and by a clock that went back.
      answerOf('web03', '{"ensure":"1.0","took":9}', { arrivedAtMs: 100_000 }),
      answerOf('web04', '{"ensure":"1.0","took":1}', { arrivedAtMs: 99_000, state: 'failed', statusCode: 1 }),
      answerOf('web05', '{"ensure":"never","took":0}', { arrivedAtMs: 100_001, state: 'invalid', statusCode: 4 }),
    ]);
    const all = [
      [
        4,
        {
          kind: 'counts',
          counts: [
            { value: '1.0', count: 3 },
            { value: '1.1', count: 1 },
          ],
          distinct: 2,
          others: 0,
        },
      ],
      [4, { kind: 'minmax', min: 1, max: 9, average: 4 }],
    ];
    expect(await found()).toEqual(all);
    await storage.close();
    storage = await open();
    expect(await found()).toEqual(all);
  });

  it('are bounded', async () => {
    const answers = Array.from({ length: 150 }, (_, index) => answerOf(`web${index}`, `{"ensure":"${1000 + index}"}`));
    await record(answers);
    const [first] = unwrap(await storage.summariseRun(runId));
    expect(first?.finding).toMatchObject({ kind: 'counts', distinct: 150, others: 50 });
  });
});
