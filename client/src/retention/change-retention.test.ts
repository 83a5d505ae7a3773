import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { unwrap } from '@muster/protocol/errors';
import { createEngineBench, type EngineBench } from '../../../test/support/client/engine-bench.ts';
import { runIdOf, sampleAnswer, sampleRun } from '../../../test/support/client/storage-samples.ts';
import { eventually } from '../../../test/support/eventually.ts';
import type { Storage } from '../storage/index.ts';

const dayMs = 86_400_000;
const text = [
  'person: alice',
  'collectives: [main] # the only one',
  'broker: { urls: ["amqps://broker.example.com"] }',
  'trust: { ca: ca.pem, certificate: alice.pem, key: alice.key }',
  'history:',
  '  keep: 400 # a year and a bit',
  '',
].join('\n');
let bench: EngineBench;
let storage: Storage;
let home: string;
let archive: string;
let file: string;

beforeEach(async () => {
  bench = await createEngineBench();
  storage = await bench.openStorage();
  home = dirname(dirname(bench.file));
  archive = join(home, 'archive');
  file = join(home, 'console.yaml');
  await writeFile(file, text, { mode: 0o640 });
});
afterEach(() => bench.close());

async function store(number: number, finishedAtMs: number): Promise<void> {
  const summary = sampleRun(runIdOf(number), { startedAtMs: finishedAtMs - 1, finishedAtMs, state: 'finished' });
  unwrap(await storage.insertRun(summary, 'console'));
  unwrap(await storage.recordRun({ summary, answersUntilMs: null, answers: [sampleAnswer('web1')] }, 'console'));
}
const open = (isReadOnly = false) =>
  bench.open({ followFleet: true, isReadOnly, history: { keepMs: 400 * dayMs, evidence: true, archive } });

it('tells how much there is, and what a change would move', async () => {
  await store(1, Date.now() - 100 * dayMs);
  await store(2, Date.now() - 10 * dayMs);
  await mkdir(join(archive, '2026-01'), { recursive: true });
  await writeFile(join(archive, '2026-01', `${runIdOf(9)}.ndjson.gz`), 'x'.repeat(120));
  await writeFile(join(archive, '2026-01', 'unfinished'), 'x');
  const { retention } = await open();
  expect(unwrap(await retention.look())).toMatchObject({
    ...{ keepDays: 400, evidence: true, archive, runs: 2, archivedRuns: 1, archiveBytes: 120 },
    oldestMs: expect.closeTo(Date.now() - 100 * dayMs, -5) as number,
    databaseBytes: expect.any(Number) as number,
  });
  const moves = async (keepDays: number | null) => unwrap(await retention.preview({ keepDays })).runs;
  expect([await moves(null), await moves(200), await moves(50), await moves(1)]).toEqual([0, 0, 1, 2]);
});

it('writes a change into the file, keeps the rest of it, and moves what is older at once', async () => {
  await store(1, Date.now() - 100 * dayMs);
  await store(2, Date.now() - 10 * dayMs);
  const { retention, configuration } = await open();
  unwrap(await retention.change({ keepDays: 30, evidence: false }));
  expect(await readFile(file, 'utf8')).toBe(
    text.replace('keep: 400', 'keep: 30').replace('a bit\n', 'a bit\n  evidence: false\n'),
  );
  expect((await stat(file)).mode & 0o777).toBe(0o640);
  expect(configuration.history).toEqual({ keepMs: 30 * dayMs, evidence: false, archive });
  await eventually(async () =>
    expect(unwrap(await retention.look())).toMatchObject({ keepDays: 30, runs: 1, archivedRuns: 1 }),
  );
  unwrap(await retention.change({ keepDays: null, evidence: true }));
  expect(await readFile(file, 'utf8')).not.toMatch(/keep|evidence/);
  expect(configuration.history.keepMs).toBeNull();
});

it('follows what another console or a person has written, and stays as it is where that is no configuration', async () => {
  const { retention } = await open();
  await writeFile(file, text.replace('400', '7'));
  await retention.refresh();
  expect(retention.settings.keepMs).toBe(7 * dayMs);
  await writeFile(file, text.replace('400', '0'));
  await retention.refresh();
  expect(retention.settings.keepMs).toBe(7 * dayMs);
  expect(await retention.change({ keepDays: 3, evidence: true })).toMatchObject({ error: { code: 'config.invalid' } });
  expect(await readFile(file, 'utf8')).toBe(text.replace('400', '0'));
});

it('refuses where the console only reads, and where the file is none', async () => {
  const reading = await open(true);
  expect(await reading.retention.change({ keepDays: 3, evidence: true })).toMatchObject({
    error: { code: 'console.read_only' },
  });
  expect(await readFile(file, 'utf8')).toBe(text);
  await writeFile(file, 'person: [');
  const { retention } = await open();
  expect(await retention.change({ keepDays: 3, evidence: true })).toMatchObject({ error: { code: 'config.syntax' } });
  expect(retention.settings.keepMs).toBe(400 * dayMs);
});
