import { copyFileSync, mkdirSync, readdirSync, readFileSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '@muster/protocol/errors';
import { runIdOf, sampleAnswer, samplePreset, sampleRun } from '../../../../../test/support/client/storage-samples.ts';
import { checkDatabase, backUpDatabase } from '../../../database/index.ts';
import { createCalls } from '../calls.ts';
import { openDatabase } from '../open-database.ts';

const pageBytes = 4096;
const runs = 60;
let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster salvage test '));
  file = join(folder, 'muster.db');
});
afterEach(() => rm(folder, { recursive: true }));

/** Opens a database, lets it be used, and closes it; gives what the use gave. */
function using<T>(use: (calls: ReturnType<typeof createCalls>, db: Database.Database) => T): T {
  const { db, close } = unwrap(openDatabase(file, Date.parse('2026-11-26T01:02:03Z')));
  try {
    return use(createCalls(db), db);
  } finally {
    close();
  }
}

const fill = (): void =>
  using((calls) => {
    unwrap(calls.savePreset(null, samplePreset('debian'), 1));
    for (let number = 1; number <= runs; number++) {
      const summary = sampleRun(runIdOf(number), { startedAtMs: number, inputs: { text: 'x'.repeat(300) } });
      unwrap(calls.insertRun(summary, 'console'));
      unwrap(calls.recordRun({ summary, answers: ['web1', 'web2'].map((name) => sampleAnswer(name)) }, 'console'));
    }
  });

const look = () =>
  using((calls, db) => ({
    presets: unwrap(calls.listPresets()).map(({ name }) => name),
    runs: db.prepare('SELECT count(*) FROM runs').pluck().get(),
    answers: db.prepare('SELECT count(*) FROM run_nodes').pluck().get(),
    notices: unwrap(calls.listNotices()).map(({ message }) => message),
    check: db.pragma('integrity_check', { simple: true }),
  }));

/** Overwrites pages of the file with what no page is; keeps the header of the first. */
function spoil(pages: readonly number[]): void {
  const bytes = readFileSync(file);
  for (const page of pages) bytes.fill(0xff, (page - 1) * pageBytes + (page === 1 ? 100 : 0), page * pageBytes);
  writeFileSync(file, bytes);
  writeFileSync(`${file}.suspect`, '');
}

describe('a file that has lost all its bytes', () => {
  it('is set aside with a notice, not taken for a new one', () => {
    fill();
    truncateSync(file, 0);
    const checked = unwrap(checkDatabase(file));
    expect(checked).toMatchObject({ bytes: 0, runs: null, damage: [expect.stringContaining('empty')] });
    expect(backUpDatabase(file, join(folder, 'copy.db'), { replace: false })).toMatchObject({
      ok: false,
      error: { code: 'storage.corrupt' },
    });
    const found = look();
    expect(found).toMatchObject({ presets: [], runs: 0, answers: 0, check: 'ok' });
    expect(found.notices).toEqual([expect.stringContaining('the file is empty')]);
    expect(readdirSync(folder)).toContain('muster.db.damaged-20261126T010203Z');
  });

  it('gives everything that its log still has', () => {
    const crashed = join(folder, 'crashed');
    mkdirSync(crashed);
    using((calls, db) => {
      db.pragma('wal_autocheckpoint = 0');
      unwrap(calls.savePreset(null, samplePreset('debian'), 1));
      copyFileSync(`${file}-wal`, join(crashed, 'muster.db-wal'));
    });
    file = join(crashed, 'muster.db');
    writeFileSync(file, '');
    expect(look()).toMatchObject({ presets: ['debian'], check: 'ok', notices: [expect.stringContaining('1 presets')] });
  });

  it('is a new one where there was none before', () => {
    writeFileSync(file, '');
    expect(look()).toMatchObject({ presets: [], notices: [], check: 'ok' });
  });
});

describe('when no table can be found any more', () => {
  it('the newest backup that can be read takes the place of the file, and the notice says so', () => {
    fill();
    const backups = join(folder, 'backups');
    const usable = join(backups, 'one.db');
    unwrap(backUpDatabase(file, usable, { replace: false }));
    using((calls) => unwrap(calls.savePreset(null, samplePreset('later'), 2)));
    const newer = join(backups, 'two.db');
    writeFileSync(newer, 'no database at all '.repeat(1000));
    utimesSync(usable, 1000, 1000);
    spoil([1]);
    const found = look();
    expect(found).toMatchObject({ presets: ['debian'], runs, answers: 2 * runs, check: 'ok' });
    expect(found.notices).toEqual([expect.stringContaining(`from the backup ${usable}`)]);
    expect(readdirSync(backups).sort()).toEqual(['one.db', 'two.db']);
    expect(readdirSync(folder).filter((name) => /salvag|reading|suspect/.test(name))).toEqual([]);
  });

  it('and there is no backup, a new database begins', () => {
    fill();
    spoil([1]);
    const found = look();
    expect(found).toMatchObject({ presets: [], runs: 0, check: 'ok' });
    expect(found.notices).toEqual([expect.stringContaining('could not be read')]);
  });
});

it('answers whose run is lost are counted in the notice', () => {
  fill();
  const db = new Database(file, { readonly: true });
  const leaves = db
    .prepare<[], number>("SELECT pageno FROM dbstat WHERE name = 'runs' AND pagetype = 'leaf' ORDER BY pageno")
    .pluck()
    .all();
  db.close();
  expect(leaves.length).toBeGreaterThan(3);
  spoil(leaves.slice(1, 2));
  const found = look();
  const lost = runs - Number(found.runs);
  expect(lost).toBeGreaterThan(0);
  expect(lost).toBeLessThan(runs);
  expect(found).toMatchObject({ presets: ['debian'], answers: 2 * (runs - lost), check: 'ok' });
  expect(found.notices).toEqual([expect.stringContaining(` ${2 * lost} answers and states of nodes were left out`)]);
});
