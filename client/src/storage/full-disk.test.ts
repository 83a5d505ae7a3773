import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { unwrap } from '@muster/protocol/errors';
import { createLogger } from '@muster/runtime/logging';
import { runIdOf, sampleAnswer, sampleRun } from '../../../test/support/client/storage-samples.ts';
import { openStorage } from './open-storage.ts';

const logger = createLogger({ name: 'test', level: 'silent', destination: { write: () => undefined } });
let disk: string;
let isMounted = false;

beforeEach(async () => {
  disk = await mkdtemp(join(tmpdir(), 'muster small disk '));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk], { stdio: 'ignore' });
    isMounted = true;
  } catch {
    // Not root, or in a container that may not mount: the test is skipped.
  }
});
afterEach(async () => {
  if (isMounted) execFileSync('umount', [disk]);
  isMounted = false;
  await rm(disk, { recursive: true });
});

it('a full disk refuses writes whole, keeps what is there readable, and is left behind once there is room', async (context) => {
  if (!isMounted) return context.skip('tmpfs cannot be mounted here');
  const file = join(disk, 'muster.db');
  const filler = join(disk, 'filler');
  writeFileSync(filler, Buffer.alloc(2 ** 20, 1));
  const storage = unwrap(await openStorage({ file, clock: () => 7, logger }));
  const write = async (number: number) => {
    const summary = sampleRun(runIdOf(number));
    const inserted = await storage.insertRun(summary, 'console');
    if (!inserted.ok) return inserted;
    const answers = ['web1', 'web2'].map((identity) => sampleAnswer(identity, { text: 'q'.repeat(20_000) }));
    return storage.recordRun({ summary, answers }, 'console');
  };
  let stored = 0;
  let refused = await write(1);
  while (refused.ok) refused = await write(++stored + 1);
  expect(refused).toMatchObject({ ok: false, error: { code: 'storage.full' } });
  expect(storage.trouble).toMatchObject({ fault: { code: 'storage.full' }, sinceMs: 7 });
  expect(stored).toBeGreaterThan(5);
  const answersOf = async (number: number) =>
    unwrap(
      await storage.listResults({
        runId: runIdOf(number),
        states: [],
        search: '',
        sort: { by: '@identity', descending: false },
        offset: 0,
        limit: 5,
      }),
    ).total;
  for (let number = 1; number <= stored; number++) expect(await answersOf(number)).toBe(2);
  await storage.close();

  // It can be opened and read although nothing else fits on the disk.
  execFileSync('sh', ['-c', 'cat /dev/zero > "$1/rest" 2>/dev/null || true', 'sh', disk]);
  const again = unwrap(await openStorage({ file, clock: () => 8, logger }));
  expect(unwrap(await again.listRuns({ search: '', offset: 0, limit: 1 })).total).toBeGreaterThanOrEqual(stored);
  rmSync(filler);
  rmSync(join(disk, 'rest'));
  unwrap(await again.beat('console', 9));
  unwrap(await again.setPreference('theme', 'dark'));
  expect(again.trouble).toBeNull();
  await again.close();
}, 300_000);
