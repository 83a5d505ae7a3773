import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { repositoryRoot } from '@muster/build/fleet';
import { afterEach, beforeEach, expect, test } from 'vitest';

let temporary = '';

beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'muster demo '));
});
afterEach(() => rm(temporary, { recursive: true, force: true }));

test('npm run demo pings its nodes, serves the console and leaves nothing behind', async () => {
  // Without a display it prints where the console is.
  const demo = spawn('npm', ['run', '--silent', 'demo', '--', '--nodes', '2'], {
    cwd: repositoryRoot,
    env: { ...process.env, DISPLAY: '', WAYLAND_DISPLAY: '', TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(demo, 'exit');
  const lines: string[] = [];
  let complaints = '';
  demo.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  for await (const line of createInterface({ input: demo.stdout })) {
    lines.push(line);
    if (line.startsWith('Ctrl-C')) break;
  }
  const said = lines.join('\n');
  expect(said, complaints).toMatch(/Finished processing 2 \/ 2 hosts/);
  const url = /http:\/\/127\.0\.0\.1:\d+\/#token=\S+/.exec(said)?.[0] ?? '';
  const page = await fetch(url);
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('<html');

  demo.stdout.resume();
  demo.kill('SIGINT');
  expect((await exited)[0]).toBe(0);
  expect((await readdir(temporary)).filter((name) => name.startsWith('muster-demo'))).toEqual([]);
  await expect(fetch(url)).rejects.toThrow();
});
