import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { markProcess } from '@muster/broker-config/processes';
import { runTool } from './run-tool.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-run-tool-'));
});
afterAll(() => rm(folder, { recursive: true }));

const quiet = new AbortController().signal;

test('gives the exit code, and what was printed in a file', async () => {
  const logFile = join(folder, 'logs', 'says.log');
  const command = ['sh', '-c', 'echo one; echo two >&2; exit 3'] as const;
  expect(await runTool([...command], { logFile, signal: quiet })).toEqual({ exitCode: 3, logFile });
  expect((await readFile(logFile, 'utf8')).split('\n').sort()).toEqual(['', 'one', 'two']);
  const missing = join(folder, 'missing.log');
  expect(await runTool(['no-such-tool'], { logFile: missing, signal: quiet })).toMatchObject({ exitCode: 127 });
  expect(await readFile(missing, 'utf8')).toContain('ENOENT');
});

test('is ended with what it has started, also in other groups', async () => {
  const logFile = join(folder, 'stopped.log');
  const stop = new AbortController();
  const script = 'setsid sleep 600 & echo $!; sleep 600 & echo $!; trap "" HUP; wait';
  const run = runTool(['sh', '-c', script], { logFile, signal: stop.signal });
  const pids = await vi.waitFor(async () => {
    const lines = (await readFile(logFile, 'utf8')).trim().split('\n').map(Number);
    expect(lines).toHaveLength(2);
    return lines;
  });
  expect(pids.map(markProcess)).not.toContain(undefined);
  stop.abort();
  expect((await run).exitCode).toBe(128);
  for (const pid of pids)
    expect(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => 'gone')).toMatch(/^gone|\) Z /);
});
