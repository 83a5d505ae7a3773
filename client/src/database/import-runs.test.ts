import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '@muster/protocol/errors';
import { createLogger } from '@muster/runtime/logging';
import { runIdOf, sampleAnswer, sampleRun } from '../../../test/support/client/storage-samples.ts';
import { openStorage, type Storage } from '../storage/index.ts';
import { compactDatabase, importRuns } from './index.ts';

const logger = createLogger({ name: 'test', level: 'silent', destination: { write: () => undefined } });
const never = new AbortController().signal;
const described = {
  agentVersion: '1.2.3',
  action: {
    name: 'ping',
    description: 'For tests',
    display: 'always' as const,
    inputs: {},
    outputs: {},
    aggregates: [],
    effect: 'read' as const,
    idempotent: true,
    cancellable: false,
  },
};
let folder: string;
let file: string;
let storage: Storage;
/** Archives of two runs. */
let archives: readonly string[];

async function store(number: number): Promise<void> {
  const states = { ok: 2, no_answer: 1 };
  const summary = sampleRun(runIdOf(number), {
    startedAtMs: number,
    inputs: { text: 'ä\n"\\' },
    batch: { size: { unit: 'percent', amount: 10 }, sleepMs: 5 },
    states,
    expected: 2,
    unexpected: 1,
  });
  unwrap(await storage.insertRun(summary, 'console', described));
  unwrap(await storage.recordRun({ summary, expected: ['web1', 'web2'] }, 'console'));
  const stray = { ...sampleAnswer('stray', { list: [null, 'ü'] }), arrival: 'unexpected' as const };
  const answers = [sampleAnswer('web1', { text: 'y'.repeat(500) }), stray];
  unwrap(await storage.recordRun({ summary, states: [{ identity: 'web2', state: 'no_answer' }], answers }, 'console'));
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster import test '));
  file = join(folder, 'muster.db');
  storage = unwrap(await openStorage({ file, clock: () => 1, logger }));
  await store(1);
  await store(2);
});
afterEach(async () => {
  await storage.close();
  await rm(folder, { recursive: true });
});

/** All that is known of a run. */
async function known(number: number) {
  const runId = runIdOf(number);
  const nodes = ['stray', 'web1', 'web2'].map((identity) => storage.getResult(runId, identity));
  return Promise.all([storage.getRun(runId), storage.getRunAction(runId), storage.newsOfRun(runId, 0), ...nodes]);
}

const linesOf = async (path: string) =>
  gunzipSync(await readFile(path))
    .toString()
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));

async function archive(): Promise<void> {
  const target = join(folder, 'archive');
  expect(unwrap(await compactDatabase(file, { keepMs: 100, archive: target }, 1000, never)).archivedRuns).toBe(2);
  const month = join(target, '1970-01');
  archives = (await readdir(month)).sort().map((name) => join(month, name));
}

const bringBack = async (files: readonly string[], { skipDamaged = false, signal = never } = {}) =>
  unwrap(await importRuns(file, files, { nowMs: 1000, skipDamaged, signal }));
const ids = async () =>
  unwrap(await storage.listRuns({ search: '', offset: 0, limit: 9 })).runs.map(({ runId }) => runId);

it('brings runs back as they were, once', async () => {
  const revision = expect.any(Number) as number;
  const before = await Promise.all([known(1), known(2)]);
  await archive();
  expect(await ids()).toEqual([]);
  const all = [runIdOf(1), runIdOf(2)];
  const none = { refused: [], damage: [], interrupted: false };
  expect(await bringBack(archives)).toEqual({ imported: all, present: [], ...none });
  const after = await Promise.all([known(1), known(2)]);
  for (const [index, facts] of before.entries()) {
    const [run, action, news, ...nodes] = facts;
    const [runNow, actionNow, newsNow, ...nodesNow] = after[index] ?? [];
    expect([runNow, actionNow, nodesNow]).toEqual([run, action, nodes]);
    // What nobody answered is not told as an answer.
    expect(newsNow).toEqual({
      ok: true,
      value: { ...unwrap(news), revision, answers: expect.any(Array) as unknown[] },
    });
    expect(
      unwrap(newsNow ?? news)
        .answers.map(({ identity }) => identity)
        .sort(),
    ).toEqual(['stray', 'web1']);
  }
  expect(await bringBack(archives)).toEqual({ imported: [], present: all, ...none });
  expect(await Promise.all([known(1), known(2)])).toEqual(after);
  // What has come back can be archived again, and says the same.
  const texts = await Promise.all(archives.map(linesOf));
  await archive();
  expect(await Promise.all(archives.map(linesOf))).toEqual(texts);
});

it('reads several runs of one file that is not compressed, and stops when it is told to', async () => {
  await archive();
  const both = join(folder, 'both.ndjson');
  const [one, two] = await Promise.all(archives.map(async (path) => gunzipSync(await readFile(path))));
  await writeFile(both, Buffer.concat([one ?? '', '\n', two ?? ''].map((part) => Buffer.from(part))));
  expect(await bringBack([both], { signal: AbortSignal.abort() })).toMatchObject({ imported: [], interrupted: true });
  expect(await ids()).toEqual([]);
  expect(await bringBack([both])).toMatchObject({ imported: [runIdOf(1), runIdOf(2)], damage: [] });
});

describe('of a damaged archive', () => {
  let spoilt: string;
  let lines: readonly string[];

  beforeEach(async () => {
    await archive();
    spoilt = join(folder, 'spoilt.ndjson');
    lines = gunzipSync(await readFile(archives[0] ?? ''))
      .toString()
      .trimEnd()
      .split('\n');
    expect(lines).toHaveLength(4);
  });

  const spoil = async (change: (all: string[]) => string[]) => writeFile(spoilt, `${change([...lines]).join('\n')}\n`);

  it.each<[string, (all: string[]) => string[], number, RegExp]>([
    ['no JSON', (all) => all.with(2, all[2]?.slice(0, 40) ?? ''), 3, /not JSON/],
    ['neither', (all) => all.with(1, '{"kind":"cat"}'), 2, /of no known kind/],
    ['a state that there is none of', (all) => all.with(1, all[1]?.replace('"ok"', '"well"') ?? ''), 2, /^state: /],
    ['a node of another run', (all) => all.with(1, all[1]?.replace(runIdOf(1), runIdOf(9)) ?? ''), 2, /another run/],
    ['a node that comes twice', (all) => [...all, all[1] ?? ''], 5, /has stray already/],
    ['a node that is missing', (all) => all.slice(0, 3), 4, /1 nodes of run 0+1 are missing/],
  ])('tells the line: %s; and takes what is left only when it is told to', async (_what, change, line, problem) => {
    await spoil(change);
    const refused = await bringBack([spoilt, archives[1] ?? '']);
    expect(refused).toMatchObject({ imported: [runIdOf(2)], refused: [runIdOf(1)] });
    expect(refused.damage).toEqual([{ file: spoilt, line, problem: expect.stringMatching(problem) as string }]);
    expect(await ids()).toEqual([runIdOf(2)]);
    const skipped = await bringBack([spoilt], { skipDamaged: true });
    expect(skipped).toMatchObject({ imported: [runIdOf(1)], refused: [], damage: [{ line }] });
    expect(unwrap(await storage.getRun(runIdOf(1)))).toMatchObject({ states: { ok: 2, no_answer: 1 } });
  });

  it.each<[string, (all: string[]) => string[], RegExp]>([
    ['a newer format', (all) => all.with(0, all[0]?.replace('"format":3', '"format":4') ?? ''), /its format is 4/],
    ['a run that goes on', (all) => all.with(0, all[0]?.replace('"finished"', '"running"') ?? ''), /^state: /],
  ])('takes nothing of a run that cannot be read itself: %s', async (_what, change, problem) => {
    await spoil(change);
    const { damage, ...rest } = await bringBack([spoilt], { skipDamaged: true });
    expect(rest).toEqual({ imported: [], present: [], refused: [], interrupted: false });
    expect(damage[0]).toMatchObject({ line: 1, problem: expect.stringMatching(problem) as string });
    expect(damage.slice(1).map(({ line }) => line)).toEqual([2, 3, 4]);
    expect(await ids()).toEqual([]);
  });

  it('tells where compressed bytes break off, are no archive, or are not there', async () => {
    const whole = gzipSync(Buffer.from(lines.join('\n')), { level: 0 });
    await writeFile(spoilt, whole.subarray(0, whole.length - 20));
    const cut = await bringBack([spoilt]);
    expect(cut).toMatchObject({ imported: [], refused: [runIdOf(1)] });
    expect(cut.damage.map(({ problem }) => problem)).toContainEqual(
      expect.stringContaining('cannot be read from here on'),
    );
    await writeFile(spoilt, '');
    expect((await bringBack([spoilt])).damage).toEqual([{ file: spoilt, line: 1, problem: 'there is nothing in it' }]);
    await writeFile(spoilt, Buffer.from([0xff, 0xfe, 0x0a]));
    expect((await bringBack([spoilt])).damage).toMatchObject([{ line: 1, problem: 'it is not UTF-8' }]);
    const { damage } = await bringBack([join(folder, 'nothing')]);
    expect(damage).toMatchObject([{ line: 1, problem: expect.stringContaining('ENOENT') as string }]);
  });
});
