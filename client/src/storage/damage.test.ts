import { existsSync } from 'node:fs';
import {
  copyFile,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '@muster/protocol/errors';
import { createLogger } from '@muster/runtime/logging';
import {
  runIdOf,
  sampleAnswer,
  sampleGroup,
  samplePreset,
  sampleRun,
  storeRuns,
} from '../../../test/support/client/storage-samples.ts';
import { openStorage } from './open-storage.ts';
import type { Storage } from './storage.ts';
import { notSalvaged } from './worker/safety/salvage.ts';

const pageBytes = 4096;
const runs = 40;
const nodes = 10;

let folder: string;
let file: string;
const opened: Storage[] = [];
const logger = createLogger({ name: 'test', level: 'silent', destination: { write: () => undefined } });
const openAt = () => openStorage({ file, clock: () => Date.parse('2026-11-26T01:02:03Z'), logger });
async function openDatabase(): Promise<Storage> {
  const storage = unwrap(await openAt());
  opened.push(storage);
  return storage;
}

/** A database with something of all that people care for; closed. */
async function fill(): Promise<void> {
  const storage = unwrap(await openAt());
  unwrap(await storage.setPreference('theme', 'dark'));
  unwrap(await storage.savePreset(null, samplePreset('debian'), 1));
  unwrap(await storage.saveGroup(null, sampleGroup('inner'), 1));
  unwrap(await storage.saveGroup(null, { ...sampleGroup('outer'), groups: ['inner'] }, 1));
  await storeRuns(storage, runs, nodes, 300);
  await storage.close();
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster damage test '));
  file = join(folder, 'data', 'muster.db');
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((storage) => storage.close()));
  await rm(folder, { recursive: true });
});

/** Pages of the file that hold rows of a table, without the first page. */
function pagesOf(table: string): readonly number[] {
  const db = new Database(file, { readonly: true });
  const pages = db
    .prepare<[string], number>('SELECT pageno FROM dbstat WHERE name = ? AND pageno > 1 ORDER BY pageno')
    .pluck()
    .all(table);
  db.close();
  return pages;
}

async function overwrite(page: number, bytes: Buffer): Promise<void> {
  const handle = await open(file, 'r+');
  await handle.write(bytes, 0, bytes.length, (page - 1) * pageBytes);
  await handle.close();
}
const spoil = (page: number) => overwrite(page, Buffer.alloc(pageBytes, 0xff));

const asideFiles = async () => (await readdir(dirname(file))).filter((name) => name.includes('.damaged-')).sort();
const leftovers = async () => (await readdir(dirname(file))).filter((name) => /salvag|reading|suspect/.test(name));

async function savedRuns(storage: Storage): Promise<{ runs: number; answers: number }> {
  const list = unwrap(await storage.listRuns({ search: '', offset: 0, limit: 500 }));
  let answers = 0;
  for (const { runId } of list.runs) {
    const sort = { by: '@identity', descending: false };
    answers += unwrap(await storage.listResults({ runId, states: [], search: '', sort, offset: 0, limit: 500 })).total;
  }
  return { runs: list.total, answers };
}

async function expectSelections(storage: Storage): Promise<void> {
  expect(unwrap(await storage.listPresets())).toMatchObject([{ name: 'debian', filter: 'os=Debian' }]);
  expect(unwrap(await storage.listGroups())).toMatchObject([{ name: 'inner' }, { name: 'outer', groups: ['inner'] }]);
  expect(unwrap(await storage.getPreference('theme'))).toBe('dark');
}

describe('a damaged file is set aside, with a notice, and what can be read is saved', () => {
  it('when its header is destroyed', async () => {
    await fill();
    await overwrite(1, Buffer.alloc(100, 0x07));
    const bytes = await readFile(file);
    const storage = await openDatabase();
    await expectSelections(storage);
    expect(await savedRuns(storage)).toEqual({ runs, answers: runs * nodes });
    const [aside = ''] = await asideFiles();
    expect(aside).toBe('muster.db.damaged-20261126T010203Z');
    expect(await readFile(join(dirname(file), aside))).toEqual(bytes);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const [notice, ...others] = unwrap(await storage.listNotices());
    expect(others).toEqual([]);
    expect(notice).toMatchObject({ code: 'storage.corrupt' });
    expect(notice?.message).toContain(`1 presets, 2 groups, 1 preferences, ${runs} runs, ${runs * nodes} answers`);
    expect(notice?.message).not.toContain('could not be read');
    expect(notice?.mend).toContain(aside);
    expect(await leftovers()).toEqual([]);
  });

  it('when it is no database at all', async () => {
    await mkdir(dirname(file));
    await writeFile(file, 'this is certainly not a database file, though it is long enough '.repeat(200));
    const storage = await openDatabase();
    expect(await savedRuns(storage)).toEqual({ runs: 0, answers: 0 });
    expect(await asideFiles()).toHaveLength(1);
    expect(unwrap(await storage.listNotices())[0]?.message).toContain('could not be read');
  });

  it('when its end is cut off', async () => {
    await fill();
    const pages = (await stat(file)).size / pageBytes;
    await truncate(file, Math.floor(pages * 0.9) * pageBytes);
    const storage = await openDatabase();
    await expectSelections(storage);
    const saved = await savedRuns(storage);
    expect(saved.answers).toBeGreaterThan(0);
    expect(saved.answers).toBeLessThan(runs * nodes);
    expect(unwrap(await storage.listNotices())[0]?.message).toContain('could not be read');
  });

  it('when it is met in the middle of work: nothing is read or written any more, and the next start mends it', async () => {
    await fill();
    // The first page of a table leads to the others, and rows are in all that follow.
    const leaves = pagesOf('run_nodes').slice(1);
    for (const page of [leaves[1], leaves[5], leaves[6]]) await spoil(page ?? 0);
    const storage = await openDatabase();
    expect(unwrap(await storage.listNotices())).toEqual([]);
    const sort = { by: '@identity', descending: false };
    const slice = { states: [], search: 'x', sort, offset: 0, limit: 10 };
    const reads = await Promise.all(
      Array.from({ length: runs }, (_, index) => storage.listResults({ ...slice, runId: runIdOf(index + 1) })),
    );
    expect(reads.at(-1)).toMatchObject({ ok: false, error: { code: 'storage.corrupt' } });
    expect(await storage.setPreference('theme', 'light')).toMatchObject({
      ok: false,
      error: { code: 'storage.corrupt', mend: expect.stringContaining('start again') as string },
    });
    expect(storage.trouble?.fault.code).toBe('storage.corrupt');

    // While it is open nobody may put another file in its place.
    expect(await openAt()).toMatchObject({
      ok: false,
      error: { code: 'storage.corrupt', message: expect.stringContaining('another Muster has it open') as string },
    });
    expect(await asideFiles()).toEqual([]);
    await storage.close();

    const again = await openDatabase();
    await expectSelections(again);
    const saved = await savedRuns(again);
    expect(saved.runs).toBe(runs);
    const lost = runs * nodes - saved.answers;
    const rowsOfAPage = Math.ceil((runs * nodes) / leaves.length);
    expect(lost).toBeGreaterThan(0);
    expect(lost).toBeLessThan(5 * rowsOfAPage);
    expect(unwrap(await again.listNotices())).toHaveLength(1);
    expect(await leftovers()).toEqual([]);
    const db = new Database(file, { readonly: true });
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(db.pragma('foreign_key_check')).toEqual([]);
    db.close();
  });

  it('with its write-ahead log, out of which is saved as well', async () => {
    await fill();
    const writer = new Database(file);
    writer.pragma('wal_autocheckpoint = 0');
    writer.exec("UPDATE preferences SET value = '\"light\"' WHERE key = 'theme'");
    const crashed = join(folder, 'crashed');
    await mkdir(crashed);
    for (const end of ['', '-wal']) await copyFile(`${file}${end}`, join(crashed, `muster.db${end}`));
    writer.close();
    file = join(crashed, 'muster.db');
    await spoil(pagesOf('node_groups')[0] ?? 0);
    await writeFile(`${file}.suspect`, '');
    const storage = await openDatabase();
    expect(unwrap(await storage.getPreference('theme'))).toBe('light');
    expect(unwrap(await storage.listPresets())).toHaveLength(1);
    expect(unwrap(await storage.listGroups())).toEqual([]);
    const stem = 'muster.db.damaged-20261126T010203Z';
    expect((await asideFiles())[0]).toBe(stem);
  });

  it('once only: a mark without damage goes away', async () => {
    await fill();
    await writeFile(`${file}.suspect`, '');
    const storage = await openDatabase();
    expect(unwrap(await storage.listNotices())).toEqual([]);
    expect(await asideFiles()).toEqual([]);
    expect(await leftovers()).toEqual([]);
  });

  it('and another start finishes what one that died had begun', async () => {
    await fill();
    const complete = await readFile(file);
    await writeFile(`${file}.salvaged`, complete);
    await rename(file, `${file}.damaged-before`);
    await writeFile(`${file}-wal`, 'the log of the damaged one');
    const storage = await openDatabase();
    await expectSelections(storage);
    expect(await asideFiles()).toEqual(['muster.db.damaged-20261126T010203Z-wal', 'muster.db.damaged-before']);
    expect(await leftovers()).toEqual([]);
  });
});

describe('what is no damage', () => {
  it('is a folder in its place', async () => {
    await mkdir(file, { recursive: true });
    expect(await openAt()).toMatchObject({ ok: false, error: { code: 'storage.failed', mend: 'Move it away.' } });
    expect(existsSync(file)).toBe(true);
  });

  it('is a log with rubbish at its end or instead of it, and lost shared memory', async () => {
    await fill();
    await writeFile(`${file}-wal`, Buffer.alloc(50_000, 0x5a));
    await writeFile(`${file}-shm`, Buffer.alloc(32_768, 0x5a));
    const storage = await openDatabase();
    await expectSelections(storage);
    expect(unwrap(await storage.listNotices())).toEqual([]);
  });
});

describe('notices', () => {
  it('are told once on command lines, and stay until they are dismissed', async () => {
    await mkdir(dirname(file));
    await writeFile(file, 'x'.repeat(9000));
    const storage = await openDatabase();
    const [notice] = unwrap(await storage.takeUntoldNotices(5));
    expect(notice).toMatchObject({ code: 'storage.corrupt' });
    expect(unwrap(await storage.takeUntoldNotices(6))).toEqual([]);
    expect(unwrap(await storage.listNotices())).toEqual([notice]);
    unwrap(await storage.dismissNotice(notice?.noticeId ?? 0, 7));
    await storage.close();
    expect(unwrap(await (await openDatabase()).listNotices())).toEqual([]);
  });
});

it('every table is either saved, by the numbers of its rows, or can be read anew from the fleet', async () => {
  await openDatabase();
  const db = new Database(file, { readonly: true });
  const tables = db
    .prepare<[], { name: string; wr: number }>(
      "SELECT name, wr FROM pragma_table_list WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    )
    .all();
  db.close();
  expect(tables.filter(({ name, wr }) => wr === 1 && !notSalvaged.includes(name))).toEqual([]);
  expect(notSalvaged.filter((name) => !tables.some((table) => table.name === name))).toEqual([]);
});

it('an answer that was stored twice over is the later one after salvage', async () => {
  await fill();
  const storage = unwrap(await openAt());
  const summary = sampleRun(runIdOf(1));
  unwrap(await storage.recordRun({ summary, answers: [sampleAnswer('web0', { text: 'later' })] }, 'console'));
  await storage.close();
  await overwrite(1, Buffer.alloc(100, 0));
  const again = await openDatabase();
  expect(unwrap(await again.getResult(runIdOf(1), 'web0')).data).toEqual({ text: 'later' });
});
