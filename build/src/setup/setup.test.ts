import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const run = promisify(execFile);
const module = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);

/** Runs a line of code with a module of the set-up, as the set-up itself runs: outside of vitest, in plain Node. */
const inNode = (code: string) => ['--input-type=module', '-e', code];

async function exitCodeOf(args: string[]): Promise<{ code: unknown; stderr: string; stdout: string }> {
  return run(process.execPath, args).then(
    ({ stderr, stdout }) => ({ code: 0, stderr, stdout }),
    (error: unknown) => error as { code: unknown; stderr: string; stdout: string }, // what execFile rejects with
  );
}

describe('the starter', () => {
  test('names its commands when it is asked for another', async () => {
    const { code, stderr } = await exitCodeOf([fileURLToPath(new URL('start.mjs', import.meta.url)), 'nonsense']);
    expect(code).toBe(2);
    expect(stderr).toContain('build, demo, fleet, console, test');
  });

  test('hands on arguments and exit codes', async () => {
    const code = `const { runCommand } = await import(${module('run-command.mjs')});
      process.exitCode = await runCommand(['-e', 'console.log(process.argv[1]); process.exit(7)', 'an argument with blanks']);`;
    expect(await exitCodeOf(inNode(code))).toMatchObject({ code: 7, stdout: 'an argument with blanks\n' });
  });

  test('hands on signals, and tells by which one the command ended', async () => {
    const code = `const { runCommand } = await import(${module('run-command.mjs')});
      process.exitCode = await runCommand(['-e', 'console.log("up"); setInterval(() => {}, 1e6)']);`;
    const starter = spawn(process.execPath, inNode(code), { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(starter.stdout, 'data');
    starter.kill('SIGTERM');
    const [exitCode] = (await once(starter, 'exit')) as [number | null]; // what a child's `exit` carries
    expect(exitCode).toBe(128 + 15);
  });

  test('shows what a step said only when it fails', async () => {
    const step = (status: number) => `const { quietRun } = await import(${module('quiet-run.mjs')});
      await quietRun('Trying', process.execPath, ['-e', 'console.log("details"); process.exit(${status})'])
        .catch((error) => { console.error(error.message); process.exitCode = error.exitCode; });`;
    expect(await exitCodeOf(inNode(step(0)))).toMatchObject({ code: 0, stdout: '', stderr: 'Trying …\n' });
    const failed = await exitCodeOf(inNode(step(3)));
    expect(failed).toMatchObject({ code: 1, stdout: '' });
    expect(failed.stderr).toContain('details');
    expect(failed.stderr).toContain('exit 3');
  });

  test('does and says nothing about packages that are there', async () => {
    const code = `const { ensureNodePackages } = await import(${module('node-packages.mjs')}); await ensureNodePackages();`;
    expect(await exitCodeOf(inNode(code))).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test('lets one set-up work at a time', async () => {
    const code = `const { withSetupLock } = await import(${module('setup-lock.mjs')});
      await withSetupLock(async () => { console.log(Date.now()); await new Promise((r) => setTimeout(r, 300)); console.log(Date.now()); });`;
    const runs = await Promise.all([1, 2, 3].map(() => exitCodeOf(inNode(code))));
    const spans = runs.map(({ stdout }) => stdout.trim().split('\n').map(Number)).toSorted(([a = 0], [b = 0]) => a - b);
    for (const [index, [began = 0]] of spans.entries())
      expect(began).toBeGreaterThanOrEqual(spans[index - 1]?.[1] ?? 0);
  });
});
