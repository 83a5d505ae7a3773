import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Request } from '@muster/protocol/messages';
import { createAgentBench, type AgentBench } from '../../../../test/support/agent/agent-bench.ts';
import { describeInjections } from '../../../../test/support/agent/injections.ts';
import { eventually } from '../../../../test/support/eventually.ts';
import { startTaskServer, type TaskServer } from '../../../../test/support/task-server.ts';
import { canMakeUsers, makeTemporaryUser } from '../../../../test/support/temporary-user.ts';
import type { RunningAgent } from '../../service/index.ts';
import { tasks } from './index.ts';

const node = 'web1.example.com';
let bench: AgentBench;
let agent: RunningAgent;
let configFile: string;
let modules: string;
let work: string;
let server: TaskServer;

const show = '#!/bin/sh\nset | grep ^PT_ | sort; echo "in:$(cat)"; pwd; id -un\n';

async function addTask(file: string, code: string, metadata?: object): Promise<void> {
  const path = join(modules, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, code);
  if (metadata !== undefined) await writeFile(path.replace(/(\.\w+)?$/, '.json'), JSON.stringify(metadata));
}

beforeAll(async () => {
  bench = await createAgentBench();
  modules = join(bench.home.folder, 'production', 'modules');
  work = await mkdtemp(join(tmpdir(), 'muster-work-'));
  await addTask('show/tasks/init.sh', show, {
    description: 'Shows what it gets',
    parameters: {
      name: { type: 'Optional[String[1]]' },
      port: { type: 'Integer[1, 65535]', default: 80 },
      list: { type: 'Optional[Array[String]]' },
      password: { type: 'Optional[String]', sensitive: true },
    },
  });
  await addTask('show/tasks/stdin.sh', show, { input_method: 'stdin' });
  await addTask('show/tasks/fail.sh', '#!/bin/sh\necho out; echo err >&2; exit 3\n');
  await addTask('show/tasks/wait.sh', '#!/bin/sh\nuntil [ -e "$PT_file" ]; do sleep 0.05; done; echo done\n');
  await addTask('show/tasks/two.sh', '#!/bin/sh\n');
  await addTask('show/tasks/two.py', '#!/usr/bin/python3\n');
  await addTask('show/tasks/window.ps1', 'x', { private: true });
  await addTask('show/files/lib.txt', 'from a file');
  await addTask('show/tasks/more.sh', '#!/bin/sh\ncat "$PT__installdir/show/files/lib.txt"\n', {
    files: ['show/files/'],
  });
  await addTask('show/tasks/chosen.json', '');
  await writeFile(
    join(modules, 'show/tasks/chosen.json'),
    JSON.stringify({
      implementations: [
        { name: 'show_win.ps1', requirements: ['powershell'] },
        { name: 'fail.sh', requirements: ['shell'] },
      ],
    }),
  );
  server = await startTaskServer(bench.home);
  const settings = {
    module_paths: [join(bench.home.folder, '{environment}', 'modules')],
    puppet_server: { url: server.url, ...server.client },
    wait: 2,
    work_folder: work,
  };
  configFile = await bench.home.addNode(node, { pluginSettings: { tasks: JSON.stringify(settings) } });
  agent = await bench.startFrom(configFile);
});
afterAll(async () => {
  await server.close();
  await bench.close();
  await rm(work, { recursive: true });
});

const ask = (action: string, inputs: Request['inputs'] = {}, secrets?: Request['inputs']) =>
  bench.asker.ask(node, { agent: 'tasks', action, inputs }, secrets);
const run = (task: string, more: Request['inputs'] = {}) => ask('run_and_wait', { task, ...more });

describe('tasks list and metadata', () => {
  it('tell of the tasks in module paths and on the server, but for private ones', async () => {
    const { data } = await ask('list');
    expect(data['tasks']).toEqual(
      expect.arrayContaining([
        { name: 'show', description: 'Shows what it gets' },
        { name: 'show::fail', description: '' },
        { name: 'remote::hello', description: 'Says hello' },
      ]),
    );
    expect(JSON.stringify(data['tasks'])).not.toContain('window');
    expect(await ask('list', { environment: 'other' })).toMatchObject({ outcome: 'ok' });
  });

  it('describe one', async () => {
    expect(await ask('metadata', { task: 'show' })).toMatchObject({
      outcome: 'ok',
      data: {
        task: 'show',
        metadata: { description: 'Shows what it gets', parameters: { port: { default: 80 } } },
        files: [
          {
            filename: 'init.sh',
            sha256: createHash('sha256').update(show).digest('hex'),
            size_bytes: show.length,
          },
        ],
      },
    });
    expect(await ask('metadata', { task: 'no::such' })).toMatchObject({
      outcome: 'failed',
      statusCode: 1,
      statusMessage: 'There is no task no::such',
    });
  });
});

describe('tasks run_and_wait', () => {
  it('hands parameters over in the environment and on standard input, and leaves no files', async () => {
    const reply = await run('show', { input: { name: 'a b', list: ['$(id)', "'"] } });
    expect(reply).toMatchObject({
      outcome: 'ok',
      data: { task: 'show', callerid: 'cert=alice', exitcode: 0, completed: true, stderr: '' },
    });
    expect(reply.data['task_id']).toMatch(/^[0-9a-f]{32}$/);
    const stdout = reply.data['stdout'] as string; // of the DDL
    expect(stdout).toContain("PT__task='show'\n");
    expect(stdout).toContain("PT_name='a b'\n");
    expect(stdout).toContain("PT_port='80'\n");
    const typed = JSON.parse(/^in:(.*)$/m.exec(stdout)?.[1] ?? '') as unknown;
    expect(typed).toMatchObject({ name: 'a b', port: 80, list: ['$(id)', "'"], _task: 'show' });
    expect(stdout).toContain(`${work}/muster-task-`);
    expect(await readdir(work)).toEqual([]);
  });

  it.each([
    ['show', 'environment', true, false],
    ['show', 'stdin', false, true],
    ['show::stdin', undefined, false, true],
  ])('%s with the input method %s', async (task, method, hasEnvironment, hasInput) => {
    const given = { input: { name: 'x' }, ...(method === undefined ? {} : { input_method: method }) };
    const { data } = await run(task, given);
    expect([/PT_name='x'/, /in:.*"name":"x"/].map((pattern) => pattern.test(data['stdout'] as string))).toEqual([
      hasEnvironment,
      hasInput,
    ]);
  });

  it('fails with the exit code of the task, and what it wrote', async () => {
    for (const task of ['show::fail', 'show::chosen']) {
      expect(await run(task)).toMatchObject({
        outcome: 'failed',
        statusCode: 1,
        statusMessage: 'The task ended with exit code 3',
        data: { exitcode: 3, stdout: 'out\n', stderr: 'err\n', completed: true },
      });
    }
  });

  it('brings the files of modules that a task asks for', async () => {
    expect(await run('show::more')).toMatchObject({ outcome: 'ok', data: { stdout: 'from a file' } });
  });

  it.each<[string, Request['inputs'], string]>([
    ['show', { input: { port: 0 } }, 'Parameter port must be Integer[1, 65535]'],
    ['show', { input: { nosuch: 1 } }, 'The task has no parameter nosuch'],
    ['show', { input: { password: 'secret' } }, 'Parameter password is sensitive: give it in sensitive_input'],
    ['show::fail', { input: { 'a b': 1 } }, '"a b" is no name of a parameter'],
    ['show::two', {}, 'The task show::two has several files and does not say which to run'],
    ['show::window', {}, 'The task show::window needs PowerShell, which this node does not have'],
    ['show', { run_as: 'no-such-user' }, 'There is no user no-such-user on this node'],
    ['show', { files: [{ filename: 'init.sh', sha256: 'x' }] }, 'The file init.sh of show is another one on this node'],
    [
      'remote::changed',
      {},
      `hello.sh has the SHA-256 ${createHash('sha256').update('changed').digest('hex')}, not ${'0'.repeat(64)}`,
    ],
  ])('refuses %s with %j', async (task, inputs, message) => {
    expect(await run(task, inputs)).toMatchObject({ outcome: 'failed', statusCode: 1, statusMessage: message });
    expect(await readdir(work)).toEqual([]);
  });

  it('keeps sensitive parameters out of spool, audit, log and answer', async () => {
    const secret = 'pa55-word';
    const { data, outcome } = await ask('run_and_wait', { task: 'show' }, { sensitive_input: { password: secret } });
    expect(outcome).toBe('ok');
    expect(data['stdout']).toContain(`PT_password='${secret}'`);
    const state = join(dirname(configFile), 'state');
    const spool = join('agents', 'tasks', 'spool', data['task_id'] as string); // of the DDL
    const written = JSON.stringify(data['stdout']).slice(1, -1);
    for (const file of await readdir(state, { recursive: true, withFileTypes: true })) {
      const path = join(file.parentPath, file.name);
      // What the task itself chose to write is its own affair; the journal keeps it with the answer.
      if (!file.isFile() || path.endsWith(join(spool, 'stdout'))) continue;
      const text = (await readFile(path, 'utf8')).replaceAll(written, '');
      expect({ path, holds: text.includes(secret) }).toEqual({ path, holds: false });
    }
    expect(JSON.stringify(bench.log)).not.toContain(secret);
  });
});

describe('a task in the background', () => {
  it('goes on when the agent stops, and is known to the next one', async () => {
    const file = join(bench.home.folder, 'go');
    const waited = await run('show::wait', { input: { file } });
    expect(waited).toMatchObject({ outcome: 'ok', data: { completed: false, exitcode: 127 } });
    const started = await ask('run_no_wait', { task: 'show::wait', input: { file } });
    const ids = [waited, started].map(({ data }) => data['task_id'] as string); // of the DDL
    await agent.stop();
    agent = await bench.startFrom(configFile);
    for (const task_id of ids) {
      expect(await ask('task_status', { task_id })).toMatchObject({ data: { completed: false, task: 'show::wait' } });
    }
    await writeFile(file, '');
    for (const task_id of ids) {
      await eventually(async () =>
        expect(await ask('task_status', { task_id })).toMatchObject({
          outcome: 'ok',
          data: { completed: true, exitcode: 0, stdout: 'done\n', callerid: 'cert=alice' },
        }),
      );
    }
    expect(await ask('task_status', { task_id: '0'.repeat(32) })).toMatchObject({ outcome: 'failed', statusCode: 1 });
  });
});

// A server of the test's own, which answers as Puppet Server's documentation has it; the TLS is real.
describe('tasks of a Puppet Server', () => {
  it('are fetched with the certificate of the node, and once', async () => {
    const before = server.contentRequests();
    expect(await ask('download', { task: 'remote::hello' })).toMatchObject({ outcome: 'ok', data: { downloads: 1 } });
    expect(await run('remote::hello')).toMatchObject({ outcome: 'ok', data: { stdout: 'hello\n' } });
    expect(server.contentRequests()).toBe(before + 1);
    expect(server.callers()).toEqual(['node.example.com']);
  });
});

// Needs root, which alone can make users and become them.
describe.skipIf(!canMakeUsers)('a task of another user', () => {
  it('really runs as that user', async () => {
    const user = makeTemporaryUser('tasks');
    const before = (await readdir(work)).length;
    try {
      await chmod(work, 0o755);
      const { data } = await run('show', { run_as: user.name });
      expect(data).toMatchObject({ exitcode: 0, completed: true });
      expect(data['stdout']).toMatch(new RegExp(`\\n${user.name}\\n$`));
      expect((await readdir(work)).length).toBe(before);
    } finally {
      user.remove();
    }
  });
});

describeInjections('tasks and shells', {
  ddl: tasks.ddl,
  ask: (action, inputs) => ask(action, inputs as Request['inputs']), // JSON
  harmless: { task: 'show', input: {}, task_id: '0'.repeat(32), environment: 'production' },
  attacks: 'few',
});
