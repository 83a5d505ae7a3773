import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunSummary } from '@muster/protocol/bridge';
import { unwrap } from '@muster/protocol/errors';
import { createLogger } from '@muster/runtime/logging';
import { eventually } from '../../../test/support/eventually.ts';
import { openStorage } from './open-storage.ts';
import type { StoredAnswer } from './stores/runs.ts';
import type { Storage } from './storage.ts';
import { migrations } from './worker/migrations/index.ts';

let folder: string;
let file: string;
let log: string[];
const opened: Storage[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster storage test '));
  file = join(folder, 'data', 'muster.db');
  log = [];
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((storage) => storage.close()));
  await rm(folder, { recursive: true });
});

const logger = createLogger({ name: 'test', level: 'info', destination: { write: (line) => log.push(line) } });
const openAt = (slowFromMs = 10_000) => openStorage({ file, clock: () => 1000, logger, slowFromMs });
async function open(slowFromMs?: number): Promise<Storage> {
  const storage = unwrap(await openAt(slowFromMs));
  opened.push(storage);
  return storage;
}

const id = (digit: string) => digit.repeat(32);
const summaryOf = (runId: string, more: Partial<RunSummary> = {}): RunSummary => ({
  runId,
  person: 'alice',
  collective: 'muster',
  agent: 'rpcutil',
  action: 'ping',
  inputs: { text: 'ä"\\', list: [1, null] },
  target: { kind: 'filter', filter: 'os=Debian' },
  state: 'running',
  hold: null,
  holdUntilMs: null,
  isConducted: false,
  fault: null,
  startedAtMs: 1,
  sentAtMs: 2,
  finishedAtMs: null,
  discoveryMs: 3.5,
  timeoutMs: 4,
  deliveryMs: 4,
  executionMs: 4,
  ttlMs: 5,
  expected: 2,
  responses: 0,
  states: { sent: 2 },
  unexpected: 0,
  ...more,
});
const answerOf = (identity: string, data: object, more: Partial<StoredAnswer> = {}): StoredAnswer => ({
  identity,
  state: 'ok',
  arrival: 'on_time',
  statusCode: 0,
  statusMessage: 'OK',
  data: JSON.stringify(data),
  elapsedMs: 12.5,
  outcome: 'ok',
  arrivedAtMs: 20,
  timings: { receivedAtMs: 15, startedAtMs: 16, finishedAtMs: null },
  signedBy: 'f'.repeat(64),
  ...more,
});

describe('the file', () => {
  it('is private, has strict tables and knows which migrations it has had', async () => {
    await open();
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const db = new Database(file, { readonly: true });
    const tables = db
      .prepare<[], { name: string; strict: number }>(
        "SELECT name, strict FROM pragma_table_list WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
      )
      .all();
    expect(tables.map(({ name }) => name).sort()).toEqual([
      'agent_sets',
      'agents',
      'certificates',
      'column_segments',
      'columns',
      'consoles',
      'data_plugin_sets',
      'data_plugins',
      'fact_changes',
      'fact_histories',
      'fleet',
      'migrations',
      'node_details',
      'node_group_parts',
      'node_groups',
      'node_recipients',
      'nodes',
      'notices',
      'notification_book',
      'notifications',
      'preferences',
      'presets',
      'puppet',
      'puppet_nodes',
      'recipes',
      'run_evidence',
      'run_nodes',
      'run_notes',
      'runall_nodes',
      'runalls',
      'runs',
      'schedule_book',
      'schedule_occurrences',
      'schedules',
      'selections',
    ]);
    expect(tables.every(({ strict }) => strict === 1)).toBe(true);
    expect(db.prepare('SELECT number FROM migrations ORDER BY number').pluck().all()).toEqual(
      migrations.map(({ number }) => number),
    );
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    db.close();
  });

  it('of a newer Muster is refused', async () => {
    await (await open()).close();
    const db = new Database(file);
    db.exec("INSERT INTO migrations VALUES (999, 'later', 0)");
    db.close();
    expect(await openAt()).toMatchObject({ ok: false, error: { code: 'storage.failed' } });
  });

  it('may be used by several processes', async () => {
    const storage = await open();
    unwrap(await storage.setPreference('who', 'one'));
    const script = `const db = new (require('better-sqlite3'))(process.argv[1]); db.exec("UPDATE preferences SET value = '\\"two\\"'"); db.close()`;
    execFileSync(process.execPath, ['-e', script, file]);
    expect(await storage.getPreference('who')).toEqual({ ok: true, value: 'two' });
  });
});

describe('the thread', () => {
  it('finishes what it was asked before it closes, and refuses what comes after', async () => {
    const storage = await open();
    const writes = Array.from({ length: 50 }, (_, index) => storage.setPreference(`key${index}`, index));
    await storage.close();
    expect((await Promise.all(writes)).every((result) => result.ok)).toBe(true);
    expect(await storage.getPreference('key1')).toMatchObject({ ok: false, error: { code: 'storage.failed' } });
    expect(await (await open()).getPreference('key49')).toEqual({ ok: true, value: 49 });
  });

  it('tells of slow calls', async () => {
    const storage = await open(0);
    await storage.getPreference('x');
    await eventually(() => expect(log.join('')).toContain('"call":"getPreference"'));
  });

  it('survives what a call cannot do', async () => {
    const storage = await open();
    unwrap(await storage.insertRun(summaryOf(id('a')), 'c'));
    expect(await storage.insertRun(summaryOf(id('a')), 'c')).toMatchObject({
      ok: false,
      error: { code: 'storage.failed' },
    });
    expect((await storage.getRun(id('a'))).ok).toBe(true);
  });
});

describe('runs', () => {
  it('are kept as they are, newest first, and found by what they say', async () => {
    const storage = await open();
    const runs = [
      summaryOf(id('a')),
      summaryOf(id('b'), { startedAtMs: 2, agent: 'puppet', fault: { code: 'run.no_targets', message: 'none' } }),
      summaryOf(id('c'), { startedAtMs: 3, target: { kind: 'nodes', identities: ['web01'] } }),
    ];
    for (const run of runs) unwrap(await storage.insertRun(run, 'c'));
    expect(await storage.getRun(id('b'))).toEqual({ ok: true, value: runs[1] });
    expect(await storage.getRun(id('f'))).toMatchObject({ ok: false, error: { code: 'run.unknown' } });
    const list = async (search: string, offset = 0, limit = 10) => {
      const { total, runs: found } = unwrap(await storage.listRuns({ search, offset, limit }));
      return { total, ids: found.map(({ runId }) => runId[0]).join('') };
    };
    expect(await list('')).toEqual({ total: 3, ids: 'cba' });
    expect(await list('', 1, 1)).toEqual({ total: 3, ids: 'b' });
    expect(await list('Pupp')).toEqual({ total: 1, ids: 'b' });
    expect(await list('debian')).toEqual({ total: 2, ids: 'ba' });
    expect(await list('%')).toEqual({ total: 0, ids: '' });
  });

  it('change as one: nodes, states and answers', async () => {
    const storage = await open();
    const runId = id('a');
    unwrap(await storage.insertRun(summaryOf(runId), 'c'));
    unwrap(await storage.recordRun({ summary: summaryOf(runId), expected: ['db01', 'web01', 'web02'] }, 'c'));
    const answers = [
      answerOf('web01', { value: 3, state: 'down' }, { elapsedMs: 1 }),
      answerOf('stray', { value: 10, note: '50%', state: 'up' }, { arrival: 'unexpected', elapsedMs: 9 }),
    ];
    const states = [{ identity: 'db01', state: 'unknown_node' as const }];
    const finished = summaryOf(runId, { state: 'finished', states: { ok: 2 } });
    unwrap(
      await storage.recordRun(
        {
          summary: finished,
          states,
          answers,
          moves: [
            { from: ['queued'], to: 'sent' },
            { from: ['queued', 'sent', 'accepted', 'running'], to: 'no_answer' },
          ],
        },
        'c',
      ),
    );
    expect(await storage.getRun(runId)).toEqual({ ok: true, value: finished });
    const list = async (more: object, by = '@identity', descending = false) => {
      const params = { runId, states: [], search: '', sort: { by, descending }, offset: 0, limit: 10, ...more };
      const { total, rows } = unwrap(await storage.listResults(params));
      return `${total}: ${rows.map(({ identity, state }) => `${identity} ${state}`).join(', ')}`;
    };
    expect(await list({})).toBe('4: db01 unknown_node, stray ok, web01 ok, web02 no_answer');
    expect(await list({ states: ['ok'] })).toBe('2: stray ok, web01 ok');
    expect(await list({ search: '50%' })).toBe('1: stray ok');
    expect(await list({ search: 'WEB0' })).toBe('2: web01 ok, web02 no_answer');
    expect(await list({ states: ['ok'] }, 'value')).toBe('2: web01 ok, stray ok');
    expect(await list({ states: ['ok'] }, 'value', true)).toBe('2: stray ok, web01 ok');
    expect(await list({ limit: 1 }, '@elapsed')).toBe('4: web01 ok');
    // An output may have the name of what Muster itself knows.
    expect(await list({ states: ['ok'] }, 'state')).toBe('2: web01 ok, stray ok');
    expect(await list({ states: ['ok'] }, 'state', true)).toBe('2: stray ok, web01 ok');
    expect(await list({}, `we"ird.'name`)).toMatch(/^4: /);
    expect(unwrap(await storage.getResult(runId, 'stray'))).toEqual({
      ...answerOf('stray', {}, { arrival: 'unexpected', elapsedMs: 9 }),
      data: { value: 10, note: '50%', state: 'up' },
    });
    expect(await storage.getResult(runId, 'nosuch')).toMatchObject({ error: { code: 'node.unknown' } });
  });

  it('that nobody conducts are paused all the same, and keep that they want word on their canaries', async () => {
    const storage = await open();
    for (const [runId, hold] of [
      [id('a'), 'canary'],
      [id('b'), 'sleep'],
    ] as const) {
      unwrap(await storage.insertRun(summaryOf(runId, { hold }), 'gone'));
      const paused = { state: 'paused', hold: hold === 'canary' ? hold : null };
      expect(unwrap(await storage.wishRun(runId, 'pause'))).toMatchObject(paused);
      unwrap(await storage.wishRun(runId, 'go'));
      expect(unwrap(await storage.wantedOfRun(runId))).toEqual({ wish: 'go', isReleased: hold === 'canary' });
    }
  });

  it('of before they could go on are closed honestly when their engine is gone; those of living engines are left alone', async () => {
    const storage = await open();
    unwrap(await storage.beat('living', 1000));
    unwrap(await storage.beat('asleep', 1000));
    for (const [runId, owner] of [
      [id('a'), 'dead'],
      [id('b'), 'living'],
      [id('c'), 'asleep'],
    ] as const) {
      unwrap(await storage.insertRun(summaryOf(runId), owner));
      unwrap(
        await storage.recordRun(
          { summary: summaryOf(runId), expected: ['web01', 'web02'], answers: [answerOf('web01', {})] },
          owner,
        ),
      );
    }
    expect(await storage.beat('me', 2000)).toEqual({ ok: true, value: 1 });
    expect(unwrap(await storage.getRun(id('a')))).toMatchObject({
      state: 'failed',
      fault: { code: 'run.interrupted' },
      finishedAtMs: 2000,
      states: { ok: 1, no_answer: 1 },
    });
    expect(unwrap(await storage.getRun(id('b'))).state).toBe('running');
    expect(await storage.beat('living', 61_500)).toEqual({ ok: true, value: 1 });
    expect(unwrap(await storage.getRun(id('b'))).state).toBe('running');
    expect(unwrap(await storage.getRun(id('c'))).state).toBe('failed');
  });
});

it('keeps preferences of any JSON', async () => {
  const storage = await open();
  expect(await storage.getPreference('view')).toEqual({ ok: true, value: null });
  unwrap(await storage.setPreference('view', { columns: ['os'], dark: true }));
  unwrap(await storage.setPreference('view', { columns: [] }));
  expect(await storage.getPreference('view')).toEqual({ ok: true, value: { columns: [] } });
});
