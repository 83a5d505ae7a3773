import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../../test/support/eventually.ts';
import { isRunning } from '../../../test/support/is-running.ts';
import { createRunCommand } from './run-command.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-run-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const run = createRunCommand(new AbortController().signal);

/** The number that a command wrote to a file. */
const numberIn = async (file: string): Promise<number> => {
  let text = '';
  await eventually(async () => {
    text = await readFile(file, 'utf8');
    expect(text).toMatch(/^\d+\n$/);
  });
  return Number(text);
};

describe('a command', () => {
  it('gives exit code, output and errors, apart', async () => {
    expect(await run('sh', ['-c', 'echo out; echo err >&2; exit 3'])).toEqual({
      exitCode: 3,
      signal: null,
      stdout: 'out\n',
      stderr: 'err\n',
      isCut: false,
      timedOut: false,
    });
  });

  it('gets its arguments as they are: no shell looks at them', async () => {
    const { stdout } = await run('printf', ['%s|', '$(id)', '`id`', '; id', '*', "a'b"]);
    expect(stdout).toBe("$(id)|`id`|; id|*|a'b|");
  });

  it('gets input, folder and environment, English, and nothing of ours', async () => {
    process.env['MUSTER_TEST_SECRET'] = 'secret';
    try {
      const { stdout } = await run('sh', ['-c', 'cat; pwd; echo "$LC_ALL,$GIVEN,$MUSTER_TEST_SECRET"'], {
        input: 'typed\n',
        cwd: folder,
        environment: { GIVEN: 'given' },
      });
      expect(stdout).toBe(`typed\n${folder}\nC,given,\n`);
    } finally {
      delete process.env['MUSTER_TEST_SECRET'];
    }
  });

  it('that does not exist is told like a failure', async () => {
    const result = await run('no-such-program-anywhere');
    expect(result).toMatchObject({ exitCode: -1, signal: null });
    expect(result.stderr).toMatch(/no-such-program-anywhere cannot be started: .*ENOENT/);
  });

  it('that floods its output is cut, and ends', async () => {
    const result = await run('sh', ['-c', 'head -c 3000000 /dev/zero'], { maxOutputBytes: 1000 });
    expect(result).toMatchObject({ exitCode: 0, isCut: true });
    expect(result.stdout).toHaveLength(1000);
  });

  it('that closes its input early is no error', async () => {
    expect(await run('true', [], { input: 'x'.repeat(1_000_000) })).toMatchObject({ exitCode: 0 });
  });

  it('that takes too long is ended with all that it started, even what ignores the request', async () => {
    const file = join(folder, 'pid');
    const result = await run(
      'sh',
      ['-c', `trap "" TERM; sh -c 'trap "" TERM; echo $$ > ${file}; sleep 60' & sleep 60; sleep 60`],
      {
        timeoutMs: 300,
      },
    );
    expect(result).toMatchObject({ timedOut: true, exitCode: null, signal: 'SIGKILL' });
    const child = await numberIn(file);
    await eventually(() => expect(isRunning(child)).toBe(false));
  });

  it('leaves nothing of its group behind, unless it starts services', async () => {
    const [killed, kept] = [join(folder, 'killed'), join(folder, 'kept')];
    const command = (file: string) => `sleep 60 >/dev/null 2>&1 & echo $! > ${file}`;
    await run('sh', ['-c', command(killed)]);
    await run('sh', ['-c', command(kept)], { leftovers: 'keep' });
    const [gone, alive] = [await numberIn(killed), await numberIn(kept)];
    await eventually(() => expect(isRunning(gone)).toBe(false));
    expect(isRunning(alive)).toBe(true);
    process.kill(alive, 'SIGKILL');
  });

  it('does not wait for what holds its output open', async () => {
    const file = join(folder, 'pid');
    const result = await run('sh', ['-c', `sleep 60 & echo $! > ${file}; echo done`], { leftovers: 'keep' });
    expect(result).toMatchObject({ exitCode: 0, stdout: 'done\n' });
    process.kill(await numberIn(file), 'SIGKILL');
  });

  it('ends when its action is aborted, and says so by rejecting', async () => {
    const controller = new AbortController();
    const running = createRunCommand(controller.signal)('sleep', ['60']);
    controller.abort(new Error('time is over'));
    await expect(running).rejects.toThrow('time is over');
    await expect(createRunCommand(controller.signal)('true')).rejects.toThrow('time is over');
  });
});
