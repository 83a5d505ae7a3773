import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '@muster/protocol/errors';
import { runIdOf } from '../../../../test/support/client/storage-samples.ts';
import { migrate, schemaOf } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { openDatabase } from './open-database.ts';
import { backUpSchema } from './safety/schema-backups.ts';

const newest = migrations.at(-1)?.number ?? 0;
const old = 9;
let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster open test '));
  file = join(folder, 'muster.db');
});
afterEach(() => rm(folder, { recursive: true }));

const backups = (): readonly string[] => {
  const kept = join(folder, 'backups');
  return existsSync(kept) ? readdirSync(kept).sort() : [];
};

/** A database as an earlier Muster left it, with one preference. */
function makeOld(): void {
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  unwrap(migrate(db, migrations.slice(0, old), 1, () => ''));
  db.exec(`INSERT INTO preferences (key, value) VALUES ('theme', '"dark"')`);
  db.close();
}

function look(at: string): { schema: number; theme: unknown; check: unknown } {
  const db = new Database(at, { readonly: true });
  try {
    const theme = db.prepare("SELECT value FROM preferences WHERE key = 'theme'").pluck().get();
    return { schema: schemaOf(db), theme, check: db.pragma('integrity_check', { simple: true }) };
  } finally {
    db.close();
  }
}

describe('a database of an earlier schema', () => {
  it('is copied before it changes; a new one and one that is up to date are not', () => {
    unwrap(openDatabase(file, 1)).close();
    expect(backups()).toEqual([]);
    unwrap(openDatabase(file, 2)).close();
    expect(backups()).toEqual([]);
    for (const end of ['', '-wal', '-shm']) if (existsSync(`${file}${end}`)) execFileSync('rm', [`${file}${end}`]);
    makeOld();
    unwrap(openDatabase(file, Date.parse('2026-11-26T01:02:03Z'))).close();
    const name = `muster-schema-${old}-20261126T010203Z.db`;
    expect(backups()).toEqual([name]);
    const copy = join(folder, 'backups', name);
    expect(look(copy)).toEqual({ schema: old, theme: '"dark"', check: 'ok' });
    expect(statSync(copy).mode & 0o777).toBe(0o600);
    expect(look(file)).toEqual({ schema: newest, theme: '"dark"', check: 'ok' });
  });

  it('has its last three copies kept, by time and not by schema; copies that a person made stay', () => {
    makeOld();
    const own = join(folder, 'backups', 'muster-20200101T000000Z.db');
    for (const [schema, second] of [
      [9, 1],
      [10, 2],
      [8, 3],
      [11, 4],
      [9, 5],
    ] as const) {
      backUpSchema(file, schema, Date.parse(`2026-11-26T01:02:0${second}Z`));
      if (second === 1) writeFileSync(own, 'made by hand');
    }
    expect(backups()).toEqual([
      'muster-20200101T000000Z.db',
      'muster-schema-11-20261126T010204Z.db',
      'muster-schema-8-20261126T010203Z.db',
      'muster-schema-9-20261126T010205Z.db',
    ]);
  });

  it('is as it was when a step fails, and tells of its copy', () => {
    makeOld();
    const broken = {
      number: newest + 1,
      name: 'broken',
      sql: 'CREATE TABLE half (id INTEGER); INSERT INTO nothing VALUES (1)',
    };
    const db = new Database(file);
    const failed = migrate(db, [...migrations, broken], 5, (schema) => backUpSchema(file, schema, 5));
    expect(failed).toMatchObject({
      ok: false,
      error: {
        code: 'storage.failed',
        message: expect.stringContaining(`stays at schema ${old}`) as string,
        mend: expect.stringContaining(join(folder, 'backups', `muster-schema-${old}-`)) as string,
      },
    });
    // The earlier Muster goes on with it.
    expect(migrate(db, migrations.slice(0, old), 6, () => '')).toEqual({ ok: true, value: 0 });
    expect(db.prepare("SELECT name FROM sqlite_schema WHERE name = 'half'").get()).toBeUndefined();
    db.exec('UPDATE preferences SET value = \'"light"\'');
    db.close();
    expect(look(file)).toEqual({ schema: old, theme: '"light"', check: 'ok' });
    unwrap(openDatabase(file, 7)).close();
    expect(look(file)).toEqual({ schema: newest, theme: '"light"', check: 'ok' });
  });

  it('stays as it is where it cannot be copied', () => {
    makeOld();
    writeFileSync(join(folder, 'backups'), 'a file where the folder has to be');
    expect(openDatabase(file, 5)).toMatchObject({ ok: false, error: { code: 'storage.failed' } });
    expect(look(file)).toEqual({ schema: old, theme: '"dark"', check: 'ok' });
  });

  it('is changed once by processes that open it at the same moment', async () => {
    makeOld();
    const writer = fileURLToPath(new URL('../../../../test/support/client/storage-writer.ts', import.meta.url));
    const children = [1, 1000, 2000].map((first) =>
      spawn(
        process.execPath,
        ['--conditions=muster-source', '--disable-warning=ExperimentalWarning', writer, file, String(first)],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      ),
    );
    const exits = children.map((child) => once(child, 'exit'));
    const stored = await Promise.all(
      children.map(async (child) => {
        const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
        return runIdOf(Number(line));
      }),
    );
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(exits);
    expect(look(file)).toEqual({ schema: newest, theme: '"dark"', check: 'ok' });
    const db = new Database(file, { readonly: true });
    expect(db.prepare('SELECT number FROM migrations ORDER BY number').pluck().all()).toEqual(
      migrations.map(({ number }) => number),
    );
    expect(db.prepare('SELECT run_id FROM runs').pluck().all()).toEqual(expect.arrayContaining(stored));
    db.close();
    expect(backups()).toHaveLength(1);
  });
});

describe('without the rights that it needs', () => {
  it('a database says so where a file is in the place of its folder', () => {
    const place = join(folder, 'data');
    writeFileSync(place, 'no folder');
    expect(openDatabase(join(place, 'muster.db'), 1)).toMatchObject({
      ok: false,
      error: { code: 'storage.failed', message: expect.stringContaining(place) as string },
    });
    expect(readFileSync(place, 'utf8')).toBe('no folder');
  });

  it('a database on a disk that may only be read says so, and is no damaged one', (context) => {
    const disk = join(folder, 'data');
    const mounted = join(disk, 'muster.db');
    execFileSync('mkdir', [disk]);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk], { stdio: 'ignore' });
    } catch {
      return context.skip('tmpfs cannot be mounted here');
    }
    try {
      unwrap(openDatabase(mounted, 1)).close();
      const before = readdirSync(disk);
      execFileSync('mount', ['-o', 'remount,ro', disk]);
      expect(openDatabase(mounted, 2)).toMatchObject({
        ok: false,
        error: { code: 'storage.failed', message: expect.stringContaining(mounted) as string },
      });
      expect(readdirSync(disk)).toEqual(before);
      execFileSync('mount', ['-o', 'remount,rw', disk]);
      unwrap(openDatabase(mounted, 3)).close();
    } finally {
      execFileSync('umount', [disk]);
    }
  });
});
