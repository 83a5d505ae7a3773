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
import { createLogger } from '@muster/runtime/logging';
import { runIdOf } from '../../../test/support/client/storage-samples.ts';
import { openStorage } from './open-storage.ts';

const writer = fileURLToPath(new URL('../../../test/support/client/storage-writer.ts', import.meta.url));
const logger = createLogger({ name: 'test', level: 'silent', destination: { write: () => undefined } });

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster crash test '));
  file = join(folder, 'muster.db');
});
afterEach(() => rm(folder, { recursive: true }));

/** Lets a process write until it has acknowledged some runs and a few milliseconds more, kills it, and gives the numbers that it acknowledged. */
async function writeAndKill(first: number, acknowledged: number, moreMs: number): Promise<readonly number[]> {
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

it('whatever was acknowledged survives `kill -9` at any moment', async () => {
  const all: number[] = [];
  for (const [acknowledged, moreMs] of [
    [1, 0],
    [7, 3],
    [20, 1],
    [3, 11],
  ] as const) {
    // The run that was under way may be there, with its answer or without: its number is not used again.
    all.push(...(await writeAndKill((all.at(-1) ?? 0) + 2, acknowledged, moreMs)));
    const db = new Database(file);
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(db.pragma('foreign_key_check')).toEqual([]);
    const stored = db
      .prepare<[], string>(`SELECT run_id FROM runs JOIN run_nodes USING (run_id) WHERE length(data) > 3000`)
      .pluck()
      .all();
    db.close();
    const ids = new Set(stored);
    for (const number of all) expect(ids).toContain(runIdOf(number));
  }
}, 300_000);

it('a write-ahead log that ends anywhere in its last transaction gives all transactions before it', async () => {
  await unwrap(await openStorage({ file, clock: () => 1, logger })).close();
  const db = new Database(file);
  db.pragma('wal_autocheckpoint = 0');
  const set = db.prepare('INSERT OR REPLACE INTO preferences (key, value) VALUES (?, ?)');
  for (let number = 0; number < 20; number++) set.run('number', JSON.stringify(number));
  const before = statSync(`${file}-wal`).size;
  set.run('number', '"last"');
  const after = statSync(`${file}-wal`).size;
  const image = join(folder, 'image');
  mkdirSync(image);
  const copy = join(image, 'muster.db');
  for (const end of ['', '-wal']) copyFileSync(`${file}${end}`, `${copy}${end}`);
  db.close();

  const look = (): unknown[] => {
    rmSync(`${copy}-shm`, { force: true });
    const crashed = new Database(copy, { readonly: true });
    const value = crashed.prepare("SELECT value FROM preferences WHERE key = 'number'").pluck().get();
    const found = [value, crashed.pragma('quick_check', { simple: true })];
    crashed.close();
    return found;
  };
  expect(look()).toEqual(['"last"', 'ok']);
  expect(after).toBeGreaterThan(before);
  for (let size = after - 1; size >= before; size--) {
    truncateSync(`${copy}-wal`, size);
    expect([size, ...look()]).toEqual([size, '19', 'ok']);
  }
  truncateSync(`${copy}-wal`, before - 1);
  const storage = unwrap(await openStorage({ file: copy, clock: () => 1, logger }));
  expect(await storage.getPreference('number')).toEqual({ ok: true, value: 18 });
  expect(unwrap(await storage.listNotices())).toEqual([]);
  await storage.close();
}, 300_000);
