import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { StartTimer } from '@muster/protocol/bridge';
import { unwrap } from '@muster/protocol/errors';
import { createEngineBench, startTimer, type EngineBench } from '../../../test/support/client/engine-bench.ts';
import { runIdOf, sampleAnswer, sampleRun } from '../../../test/support/client/storage-samples.ts';
import { eventually } from '../../../test/support/eventually.ts';
import type { Storage } from '../storage/index.ts';

const dayMs = 86_400_000;
let bench: EngineBench;
let storage: Storage;
let archive: string;
/** What waits for a day to pass. */
let daily: Set<() => void>;

beforeEach(async () => {
  bench = await createEngineBench();
  storage = await bench.openStorage();
  archive = join(dirname(bench.file), 'archive');
  daily = new Set();
});
afterEach(() => bench.close());

const byHand: StartTimer = (afterMs, run) => {
  if (afterMs !== dayMs) return startTimer(afterMs, run);
  daily.add(run);
  return () => daily.delete(run);
};

function passADay(): void {
  const due = [...daily];
  daily.clear();
  for (const run of due) run();
}

async function store(number: number, finishedAtMs: number | null, answersUntilMs: number | null = null): Promise<void> {
  const summary = sampleRun(runIdOf(number), {
    startedAtMs: 1,
    finishedAtMs,
    state: finishedAtMs === null ? 'running' : 'finished',
  });
  unwrap(await storage.insertRun(summary, 'console'));
  unwrap(await storage.recordRun({ summary, answersUntilMs, answers: [sampleAnswer('web1')] }, 'console'));
}

const archived = async () => {
  const month = join(archive, '1970-01');
  return existsSync(month) ? (await readdir(month)).sort() : [];
};
const stored = async () =>
  unwrap(await storage.listRuns({ search: '', offset: 0, limit: 50 }))
    .runs.map(({ runId }) => runId)
    .sort();

it('a console that stays moves old runs into the archive when it starts and once a day', async () => {
  unwrap(await storage.beat('console', Date.now()));
  await store(1, 3);
  await store(2, Date.now());
  await store(3, null);
  await bench.open({ followFleet: true, history: { keepMs: dayMs, archive }, startTimer: byHand });
  await eventually(async () => expect(await archived()).toEqual([`${runIdOf(1)}.ndjson.gz`]));
  await eventually(() => expect(daily.size).toBe(1));
  expect(await stored()).toEqual([runIdOf(2), runIdOf(3)]);

  await store(4, 3);
  passADay();
  await eventually(async () => expect(await archived()).toEqual([1, 4].map((n) => `${runIdOf(n)}.ndjson.gz`)));
  await eventually(() => expect(daily.size).toBe(1));
  expect(await stored()).toEqual([runIdOf(2), runIdOf(3)]);
});

it('a run whose nodes may still answer stays as long as they may', async () => {
  const nowMs = Date.now();
  await store(1, 3, nowMs + dayMs);
  await store(2, 3, nowMs - 1);
  await bench.open({ followFleet: true, history: { keepMs: dayMs, archive }, startTimer: byHand });
  await eventually(() => expect(daily.size).toBe(1));
  expect(await archived()).toEqual([`${runIdOf(2)}.ndjson.gz`]);
  expect(await stored()).toEqual([runIdOf(1)]);
  expect(unwrap(await storage.archiveOldestRun(archive, nowMs, nowMs + dayMs))).toBe(true);
  expect(await stored()).toEqual([]);
});

it('one that lives for one command, and one without a time to keep, move nothing', async () => {
  await store(1, 3);
  const brief = await bench.open({ history: { keepMs: dayMs, archive }, startTimer: byHand });
  await bench.open({ followFleet: true, history: { keepMs: null, archive }, startTimer: byHand });
  await eventually(() => expect(daily.size).toBe(1));
  unwrap(await brief.runs.get(runIdOf(1)));
  expect(await stored()).toEqual([runIdOf(1)]);
  expect(existsSync(archive)).toBe(false);
});

it('a folder that cannot be written leaves the runs where they are, and the log says so', async () => {
  await store(1, 3);
  const taken = join(bench.file, 'archive');
  await bench.open({ followFleet: true, history: { keepMs: dayMs, archive: taken }, startTimer: byHand });
  await eventually(() => expect(daily.size).toBe(1));
  expect(bench.log.map(({ msg }) => msg)).toContainEqual(expect.stringContaining('old runs stay where they are'));
  expect(await stored()).toEqual([runIdOf(1)]);
});
