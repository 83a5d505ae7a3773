import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Request } from '@muster/protocol/messages';
import { createAgentBench, type AgentBench } from '../../../../test/support/agent/agent-bench.ts';
import { describeInjections } from '../../../../test/support/agent/injections.ts';
import { eventually } from '../../../../test/support/eventually.ts';
import { isRunning } from '../../../../test/support/is-running.ts';
import { canMakeUsers, makeTemporaryUser } from '../../../../test/support/temporary-user.ts';
import type { RunningAgent } from '../../service/index.ts';
import { shell } from './index.ts';

const node = 'web1.example.com';
let bench: AgentBench;
let agent: RunningAgent;
let configFile: string;
let jobs: string;
let handles: string[];

beforeEach(async () => {
  bench = await createAgentBench();
  handles = [];
  configFile = await bench.home.addNode(node, { pluginSettings: { shell: 'activate: true\nkeep: 60\n' } });
  jobs = join(dirname(configFile), 'state', 'agents', 'shell', 'jobs');
  agent = await bench.startFrom(configFile);
});
afterEach(async () => {
  for (const handle of handles) await ask('kill', { handle });
  await bench.close();
});

const ask = (action: string, inputs: Request['inputs'] = {}) =>
  bench.asker.ask(node, { agent: 'shell', action, inputs });
const run = async (command: string, more: Request['inputs'] = {}) => (await ask('run', { command, ...more })).data;
const status = async (handle: string, more: Request['inputs'] = {}) => (await ask('status', { handle, ...more })).data;
async function start(command: string, more: Request['inputs'] = {}): Promise<string> {
  const { outcome, data, statusMessage } = await ask('start', { command, ...more });
  expect([outcome, statusMessage]).toEqual(['ok', 'OK']);
  const handle = data['handle'] as string; // of the DDL
  handles.push(handle);
  return handle;
}
const ended = async (handle: string) => {
  let data: Awaited<ReturnType<typeof status>> = {};
  await eventually(async () => {
    data = await status(handle);
    expect(data['status']).toMatch(/^(stopped|failed)$/);
  });
  return data;
};
const firstNumber = async (handle: string): Promise<number> => {
  let pid = 0;
  await eventually(async () => {
    pid = Number((await status(handle))['stdout']);
    expect(pid).toBeGreaterThan(0);
  });
  return pid;
};

describe('the agent shell', () => {
  it('is off unless the settings activate it', async () => {
    await bench.start('web2.example.com');
    const reply = await bench.asker.ask('web2.example.com', { agent: 'shell', action: 'list' });
    expect(reply).toMatchObject({ outcome: 'invalid', statusMessage: "Unknown agent 'shell'" });
  });
});

describe('shell run', () => {
  it('gives what a command line wrote and how it ended', async () => {
    expect(await run('echo out; echo err >&2; exit 3')).toEqual({
      stdout: 'out\n',
      stderr: 'err\n',
      success: false,
      exitcode: 3,
      timed_out: false,
      truncated: false,
    });
    expect(await run('printf \'%s\' "a\tb" | tr a-z A-Z\necho $((1 + 1))')).toMatchObject({
      stdout: 'A\tB2\n',
      success: true,
      exitcode: 0,
    });
    expect(await run('kill -9 $$')).toMatchObject({ success: false, exitcode: 137 });
    expect(await run('-x; echo safe')).toMatchObject({ stdout: 'safe\n' });
  });

  it('ends a command that takes longer than it may', async () => {
    const file = join(bench.home.folder, 'pid');
    expect(await run(`echo begun; echo $$ > '${file}'; sleep 1000`, { timeout: 0.5 })).toMatchObject({
      stdout: 'begun\n',
      success: false,
      exitcode: 143,
      timed_out: true,
    });
    const pid = Number(await readFile(file, 'utf8'));
    await eventually(() => expect(isRunning(pid)).toBe(false));
    expect(await ask('run', { command: 'true', timeout: 0 })).toMatchObject({ statusCode: 4 });
  });

  it('tells the beginning of what is too long', async () => {
    const data = await run('yes | head -c 3000000; echo done >&2');
    expect(data).toMatchObject({ stderr: 'done\n', exitcode: 0, truncated: true });
    expect(data['stdout']).toBe('y\n'.repeat(32 * 1024));
    expect(await run(`head -c 3000000 /dev/zero`)).toMatchObject({ truncated: true });
  });

  it('refuses users that do not exist', async () => {
    for (const action of ['run', 'start']) {
      expect(await ask(action, { command: 'id', user: 'no-such-user' })).toMatchObject({
        outcome: 'failed',
        statusCode: 1,
        statusMessage: 'There is no user no-such-user on this node',
      });
    }
  });
});

// Needs root, which alone can make users and become them.
describe.skipIf(!canMakeUsers)('shell as another user', () => {
  it('really is that user, with all groups, and none of root', async () => {
    const user = makeTemporaryUser('shell');
    try {
      const command = 'id -un; id -gn; id -Gn; echo $HOME $USER $LOGNAME; cat /etc/shadow; echo x >/dev/stdout';
      const stdout = `${user.name}\n${user.name}\n${user.name} ${user.group}\n/nonexistent ${user.name} ${user.name}\n`;
      const ran = await run(command, { user: user.name });
      expect(ran['stdout']).toBe(stdout);
      expect(ran['stderr']).toContain('/etc/shadow: Permission denied');
      const job = await ended(await start(command, { user: user.name }));
      expect(job).toMatchObject({ status: 'stopped', exitcode: 0 });
      expect(job['stderr']).toContain('/etc/shadow: Permission denied');
      const groups = await ended(await start('id -u; id -G; grep ^CapEff /proc/self/status', { user: user.name }));
      expect(groups['stdout']).toMatch(new RegExp(`^${user.uid}\\n${user.gid} \\d+\\nCapEff:\\t0+\\n$`));
    } finally {
      user.remove();
    }
  });
});

describe('shell start', () => {
  it('gives a handle by which state and output are asked for, from a byte on', async () => {
    const gate = join(bench.home.folder, 'gate');
    const handle = await start(
      `printf 'one ü '; while [ ! -e '${gate}' ]; do sleep 0.05; done; echo two; echo e >&2; exit 4`,
    );
    await eventually(async () => expect(await status(handle)).toMatchObject({ status: 'running', stdout: 'one ü ' }));
    const { stdout_offset } = await status(handle);
    expect(stdout_offset).toBe(7);
    await writeFile(gate, '');
    expect(await ended(handle)).toMatchObject({ stdout: 'one ü two\n', stderr: 'e\n', exitcode: 4 });
    expect(await status(handle, { stdout_offset: 7, stderr_offset: 2 })).toEqual({
      status: 'stopped',
      stdout: 'two\n',
      stderr: '',
      exitcode: 4,
      stdout_offset: 11,
      stderr_offset: 2,
      truncated: false,
    });
    expect(await ask('status', { handle, stdout_offset: -1 })).toMatchObject({ statusCode: 4 });
  });

  it('tells long output in parts of whole characters', async () => {
    const handle = await start("yes 'ä€😀' | head -n 20000");
    await ended(handle);
    let text = '';
    let part;
    let offset = 0;
    do {
      part = await status(handle, { stdout_offset: offset });
      text += part['stdout'] as string; // of the DDL
      offset = Number(part['stdout_offset']);
    } while (part['truncated'] === true);
    expect(text).toBe('ä€😀\n'.repeat(20_000));
  });

  it('goes on when the agent stops, and is known to the next one', async () => {
    const gate = join(bench.home.folder, 'gate');
    const handle = await start(`echo $$; while [ ! -e '${gate}' ]; do sleep 0.05; done; echo done`);
    const pid = await firstNumber(handle);
    await agent.stop();
    expect(isRunning(pid)).toBe(true);
    agent = await bench.startFrom(configFile);
    expect(await status(handle)).toMatchObject({ status: 'running' });
    await agent.stop();
    await writeFile(gate, '');
    await eventually(() => expect(isRunning(pid)).toBe(false));
    agent = await bench.startFrom(configFile);
    expect(await ended(handle)).toMatchObject({ status: 'stopped', stdout: `${pid}\ndone\n`, exitcode: 0 });
  });

  it('has failed when nobody can say how it ended', async () => {
    const handle = await start('echo $$; sleep 1000');
    const pid = await firstNumber(handle);
    const [keeper] = (await readFile(join(jobs, handle, 'pid'), 'utf8')).split(' ').map(Number);
    process.kill(keeper ?? 0, 'SIGKILL');
    process.kill(pid, 'SIGKILL');
    expect(await ended(handle)).toMatchObject({ status: 'failed', exitcode: null });
  });

  it('is listed with who started it, until some time after its end', async () => {
    const [first, second] = [await start('exit 1'), await start('sleep 1000')];
    await ended(first);
    await eventually(async () => expect(await status(second)).toMatchObject({ status: 'running' }));
    expect((await ask('list')).data['jobs']).toEqual({
      [first]: {
        id: first,
        command: 'exit 1',
        user: null,
        caller: 'cert=alice',
        status: 'stopped',
        exitcode: 1,
        start_time: expect.any(Number) as number,
      },
      [second]: expect.objectContaining({ status: 'running', exitcode: null }) as object,
    });
    const longAgo = Date.now() / 1000 - 61;
    for (const handle of [first, second]) {
      for (const file of ['about.json', ...(handle === first ? ['exitstatus'] : [])]) {
        await utimes(join(jobs, handle, file), longAgo, longAgo);
      }
    }
    expect(Object.keys((await ask('list')).data['jobs'] as object)).toEqual([second]); // a hash
    expect(await readdir(jobs)).toEqual([second]);
    expect(await ask('status', { handle: first })).toMatchObject({
      outcome: 'failed',
      statusCode: 1,
      statusMessage: `There is no job ${first}`,
    });
  });
});

describe('shell kill', () => {
  it('ends a command with what it started', async () => {
    const handle = await start('echo $$; sleep 1000 & sleep 1000; echo never');
    const pid = await firstNumber(handle);
    expect(await ask('kill', { handle })).toMatchObject({ outcome: 'ok', data: { status: 'stopped' } });
    expect(await status(handle)).toMatchObject({ status: 'stopped', exitcode: 143, stdout: `${pid}\n` });
    await eventually(() => expect(isRunning(pid)).toBe(false));
    expect(await ask('kill', { handle })).toMatchObject({ outcome: 'ok', data: { status: 'stopped' } });
  });

  it('kills what does not heed it, in whatever session', async () => {
    const file = join(bench.home.folder, 'pid');
    const handle = await start(`trap '' TERM; setsid -w sh -c 'echo $$ > "${file}"; sleep 1000' & echo $$; wait; wait`);
    const pid = await firstNumber(handle);
    let child = 0;
    await eventually(async () => {
      child = Number(await readFile(file, 'utf8'));
      expect(child).toBeGreaterThan(0);
    });
    expect(await ask('kill', { handle })).toMatchObject({ data: { status: 'stopped' } });
    expect(await status(handle)).toMatchObject({ exitcode: 137 });
    await eventually(() => expect([pid, child].map(isRunning)).toEqual([false, false]));
  });
});

describeInjections('shell and shells', {
  ddl: shell.ddl,
  ask: (action, inputs) => ask(action, inputs as Request['inputs']), // JSON
  harmless: { command: 'true', user: 'nobody', handle: '00000000-0000-4000-8000-000000000000' },
  spared: ['run.command', 'start.command'],
});
