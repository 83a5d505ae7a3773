import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '@muster/protocol/errors';
import { eventually } from '../../../test/support/eventually.ts';
import { isRunning } from '../../../test/support/is-running.ts';
import { killTree, startDetached } from './index.ts';

let folder: string;
const started: number[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-detached-'));
});
afterEach(async () => {
  for (const pid of started.splice(0)) killTree(pid);
  await rm(folder, { recursive: true, force: true });
});

const start = async (...given: Parameters<typeof startDetached>): Promise<number> => {
  const pid = unwrap(await startDetached(...given));
  started.push(pid);
  return pid;
};
const output = (name: string) => readFile(join(folder, name), 'utf8');
const statOf = async (pid: number): Promise<readonly string[]> => {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
};

describe('a detached program', () => {
  it('leads a session of its own and is no child of ours, so that what ends us does not end it', async () => {
    const pid = await start('sleep', ['1000']);
    const [, parent, group, session] = await statOf(pid);
    expect([Number(group), Number(session)]).toEqual([pid, pid]);
    expect(Number(parent)).not.toBe(process.pid);
    expect(isRunning(pid)).toBe(true);
  });

  it('gets arguments as they are, input of any length, and writes to files of its owner', async () => {
    const input = 'x'.repeat(300_000);
    await start('sh', ['-c', 'printf "%s|" "$@"; wc -c; echo "$GIVEN" >&2', 'sh', '$(id)', '; id', '"\''], {
      input,
      environment: { GIVEN: 'given' },
      stdoutFile: join(folder, 'out'),
      stderrFile: join(folder, 'err'),
    });
    await eventually(async () => expect(await output('out')).toBe(`$(id)|; id|"'|300000\n`));
    await eventually(async () => expect(await output('err')).toBe('given\n'));
  });

  it('may open its input once more', async () => {
    await start('cat', ['/dev/stdin'], { input: 'typed', stdoutFile: join(folder, 'out') });
    await eventually(async () => expect(await output('out')).toBe('typed'));
  });

  it.each([
    ['that is missing', 'no-such-program', {}, 'no-such-program cannot be started: there is no such program'],
    ['in a folder that is missing', 'true', { cwd: '/no/such/folder' }, 'true cannot be started: spawn setsid ENOENT'],
  ])('%s is told of', async (_what, program, options, message) => {
    expect(await startDetached(program, [], options)).toMatchObject({ ok: false, error: { message } });
  });
});
