import { existsSync, statSync } from 'node:fs';
import { mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { unwrap } from '@muster/protocol/errors';
import { createLogger } from '@muster/runtime/logging';
import { runIdOf, samplePreset, sampleRun, storeRuns } from '../../../test/support/client/storage-samples.ts';
import { openStorage, type Storage } from '../storage/index.ts';
import { backUpDatabase, checkDatabase, compactDatabase, usualBackup } from './index.ts';

const logger = createLogger({ name: 'test', level: 'silent', destination: { write: () => undefined } });
const never = new AbortController().signal;
let folder: string;
let file: string;
let storage: Storage;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster database test '));
  file = join(folder, 'muster.db');
  storage = unwrap(await openStorage({ file, clock: () => 1, logger }));
  unwrap(await storage.savePreset(null, samplePreset('debian'), 1));
  await storeRuns(storage, 3, 20, 2000);
});
afterEach(async () => {
  await storage.close();
  await rm(folder, { recursive: true });
});

it('is checked and backed up beside a console that works on it', async () => {
  expect(unwrap(checkDatabase(file))).toMatchObject({
    file,
    runs: 3,
    oldestRunMs: 1,
    damage: [],
    orphans: 0,
    notices: 0,
    backups: [],
    setAside: [],
  });
  const copy = usualBackup(file, Date.parse('2026-11-26T01:02:03Z'));
  expect(copy).toBe(join(folder, 'backups', 'muster-20261126T010203Z.db'));
  expect(backUpDatabase(file, copy, { replace: false })).toEqual({ ok: true, value: statSync(copy).size });
  expect(statSync(copy).mode & 0o777).toBe(0o600);
  expect(backUpDatabase(file, copy, { replace: false })).toMatchObject({
    ok: false,
    error: { code: 'file.unwritable' },
  });
  unwrap(await storage.removePreset('debian'));
  unwrap(backUpDatabase(file, copy, { replace: true }));
  expect(unwrap(checkDatabase(copy)).runs).toBe(3);
  expect(backUpDatabase(file, file, { replace: true })).toMatchObject({
    ok: false,
    error: { code: 'file.unwritable' },
  });
  expect(backUpDatabase(join(folder, 'none.db'), join(folder, 'x.db'), { replace: true })).toMatchObject({
    ok: false,
    error: { code: 'storage.failed' },
  });
  expect(unwrap(checkDatabase(file)).backups).toEqual([copy]);
});

it('that is damaged is told as such, and stays as it is', async () => {
  await storage.close();
  const handle = await open(file, 'r+');
  await handle.write(Buffer.alloc(4096, 0xff), 0, 4096, 4096 * 8);
  await handle.close();
  const bytes = await readFile(file);
  expect(unwrap(checkDatabase(file)).damage).not.toEqual([]);
  await writeFile(file, 'no database '.repeat(1000));
  expect(unwrap(checkDatabase(file))).toMatchObject({ schema: null, runs: null, damage: ['file is not a database'] });
  await writeFile(file, bytes);
  expect(await readFile(file)).toEqual(bytes);
  expect(existsSync(`${file}.suspect`)).toBe(false);
});

it('moves runs that are old enough and final into the archive, and gives the room back', async () => {
  const under = sampleRun(runIdOf(9), { state: 'running', startedAtMs: 0, finishedAtMs: null });
  unwrap(await storage.insertRun(under, 'console'));
  const young = sampleRun(runIdOf(10), { startedAtMs: 900, finishedAtMs: 950 });
  unwrap(await storage.insertRun(young, 'console'));
  const before = unwrap(await storage.getResult(runIdOf(2), 'web3'));
  const summary = unwrap(await storage.getRun(runIdOf(2)));
  const archive = join(folder, 'archive');
  const compacted = unwrap(await compactDatabase(file, { keepMs: 100, archive }, 1000, never));
  expect(compacted.archivedRuns).toBe(3);
  expect(compacted.bytesAfter).toBeLessThan(compacted.bytesBefore);
  const left = unwrap(await storage.listRuns({ search: '', offset: 0, limit: 10 }));
  expect(left.runs.map(({ runId }) => runId)).toEqual([runIdOf(10), runIdOf(9)]);
  expect((await readdir(join(archive, '1970-01'))).sort()).toEqual([1, 2, 3].map((n) => `${runIdOf(n)}.ndjson.gz`));
  const text = gunzipSync(await readFile(join(archive, '1970-01', `${runIdOf(2)}.ndjson.gz`))).toString();
  const [head, ...nodes] = text
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  expect(head).toEqual({ kind: 'run', format: 3, ...summary, described: null });
  expect(nodes).toHaveLength(20);
  expect(nodes).toContainEqual({ kind: 'node', runId: runIdOf(2), ...before });
  const db = new Database(file, { readonly: true });
  expect(db.prepare('SELECT count(*) FROM run_nodes').pluck().get()).toBe(0);
  db.close();
});

it('keeps every run where no time is set', async () => {
  const archive = join(folder, 'archive');
  expect(unwrap(await compactDatabase(file, { keepMs: null, archive }, 1e15, never)).archivedRuns).toBe(0);
  expect(existsSync(archive)).toBe(false);
});
