import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { unwrap } from '@muster/protocol/errors';
import { runIdOf } from '../../../test/support/client/storage-samples.ts';
import { createNotices } from './worker/notices.ts';
import { openDatabase } from './worker/open-database.ts';

const writer = fileURLToPath(new URL('../../../test/support/client/storage-writer.ts', import.meta.url));

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster crash test '));
  file = join(folder, 'muster.db');
});
afterEach(() => rm(folder, { recursive: true }));

/** Repeatable numbers from 0 up to, and without, a bound. */
function drawer(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    // A linear congruence, of which the upper bits are the good ones.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

interface Kill {
  readonly first: number;
  /** How many runs it may acknowledge, and then live for so long. */
  readonly acknowledged: number;
  readonly moreMs: number;
}

/** Lets a process write runs from a number on, kills it, and gives the numbers that it acknowledged. */
async function writeAndKill({ first, acknowledged, moreMs }: Kill): Promise<readonly number[]> {
  const args = ['--conditions=muster-source', '--disable-warning=ExperimentalWarning', writer, file, String(first)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const numbers: number[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    numbers.push(Number(line));
    if (numbers.length === acknowledged) setTimeout(() => child.kill('SIGKILL'), moreMs);
  }
  await exited;
  return numbers;
}

const rounds = 5;
const writersAtOnce = 4;
/** More than any writer comes to. */
const numbersEach = 1_000_000;

it('whatever was acknowledged survives `kill -9` at any moment, with others writing on beside', async () => {
  const draw = drawer(20_261_126);
  const acknowledged: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const kills = Array.from({ length: writersAtOnce }, (_, index) => ({
      first: (round * writersAtOnce + index) * numbersEach + 1,
      acknowledged: 1 + draw(8),
      moreMs: draw(15),
    }));
    for (const numbers of await Promise.all(kills.map(writeAndKill))) {
      expect(numbers).not.toEqual([]);
      acknowledged.push(...numbers);
    }
    const db = new Database(file);
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(db.pragma('foreign_key_check')).toEqual([]);
    const stored = db
      .prepare<[], string>(`SELECT run_id FROM runs JOIN run_nodes USING (run_id) WHERE length(data) > 3000`)
      .pluck()
      .all();
    db.close();
    const ids = new Set(stored);
    expect(acknowledged.filter((number) => !ids.has(runIdOf(number)))).toEqual([]);
  }
}, 600_000);

it('a write-ahead log that ends anywhere in its last transaction gives all transactions before it', () => {
  unwrap(openDatabase(file, 1)).close();
  const db = new Database(file);
  db.pragma('wal_autocheckpoint = 0');
  db.exec("INSERT INTO preferences (key, value) VALUES ('number', '-1')");
  // One page for each transaction.
  const set = db.prepare("UPDATE preferences SET value = ? WHERE key = 'number'");
  for (let number = 0; number < 20; number++) set.run(JSON.stringify(number));
  const before = statSync(`${file}-wal`).size;
  set.run('"last"');
  const after = statSync(`${file}-wal`).size;
  const image = join(folder, 'image');
  mkdirSync(image);
  const copy = join(image, 'muster.db');
  for (const end of ['', '-wal']) copyFileSync(`${file}${end}`, `${copy}${end}`);
  db.close();

  const look = (isThorough: boolean): unknown[] => {
    rmSync(`${copy}-shm`, { force: true });
    const crashed = new Database(copy, { readonly: true });
    const value = crashed.prepare("SELECT value FROM preferences WHERE key = 'number'").pluck().get();
    const check = isThorough ? crashed.pragma('quick_check', { simple: true }) : 'ok';
    crashed.close();
    return [value, check];
  };
  expect(look(true)).toEqual(['"last"', 'ok']);
  expect(after).toBeGreaterThan(before);
  for (let size = after - 1; size >= before; size--) {
    truncateSync(`${copy}-wal`, size);
    // Every end is opened and read; the whole file is looked at for the ends of frames and some others.
    expect([size, ...look(size === before || size === after - 1 || size % 97 === 0)]).toEqual([size, '19', 'ok']);
  }
  truncateSync(`${copy}-wal`, before - 1);
  const mended = unwrap(openDatabase(copy, 1));
  expect(mended.db.prepare("SELECT value FROM preferences WHERE key = 'number'").pluck().get()).toBe('18');
  expect(unwrap(createNotices(mended.db).listNotices())).toEqual([]);
  mended.close();
});
