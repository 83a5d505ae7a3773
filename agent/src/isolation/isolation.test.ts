import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '@muster/runtime/logging';
import { eventually } from '../../../test/support/eventually.ts';
import { isRunning } from '../../../test/support/is-running.ts';
import { createHostPool, type HostPool, type HostTask } from './index.ts';

const module = new URL('../../../test/support/agent/plugins/trouble.mjs', import.meta.url).href;
let folder: string;
let log: Record<string, unknown>[];
let hosts: HostPool;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-hosts-'));
  await writeFile(join(folder, 'facts.json'), '{"os":{"family":"Debian"}}');
  log = [];
  const logger = createLogger({
    name: 'test',
    level: 'trace',
    destination: { write: (line) => log.push(JSON.parse(line) as Record<string, unknown>) }, // the logger writes JSON objects
  });
  hosts = createHostPool({ logger, width: 4 });
});
afterEach(async () => {
  await hosts.close();
  await rm(folder, { recursive: true, force: true });
});

const task = (action: string, inputs: Record<string, unknown> = {}, more: Partial<HostTask> = {}): HostTask => ({
  kind: 'action',
  module,
  request: {
    requestId: 'r1',
    caller: 'cert=alice',
    collective: 'muster',
    agent: 'trouble',
    action,
    inputs,
  },
  settings: {},
  stateFolder: folder,
  node: { identity: 'web1', version: '1', collectives: ['muster'] },
  factsFile: join(folder, 'facts.json'),
  ...more,
});
const perform = (given: HostTask, signal = new AbortController().signal) => hosts.perform(given, signal);

const childrenOf = async (pid: number): Promise<readonly number[]> =>
  (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ').map(Number);

describe('an action in a process of its own', () => {
  it('gets request, settings, node and facts, and sets its reply', async () => {
    const end = await perform(task('greet', { name: 'you' }, { settings: { word: 'Hi' } }));
    expect(end).toMatchObject({ kind: 'done', data: { greeting: 'Hi you from web1' } });
    expect(await perform(task('facts'))).toEqual({ kind: 'done', data: { facts: { os: { family: 'Debian' } } } });
  });

  it('fails with what it had found, and goes no further', async () => {
    expect(await perform(task('give_up'))).toEqual({
      kind: 'failed',
      message: 'No, thank you',
      statusCode: 1,
      data: { so_far: 1 },
    });
  });

  it.each([
    ['boom', 'it broke'],
    ['odd', 'The result is not JSON: value is a bigint'],
    ['flood', 'The result has 5000012 bytes; the limit is 1048576'],
    ['nothing', 'The module has no action nothing'],
    ['toString', 'The module has no action toString'],
  ])('%s says what went wrong', async (action, message) => {
    expect(await perform(task(action))).toEqual({ kind: 'threw', message });
  });

  it('of a module that cannot be loaded says why', async () => {
    const broken = join(folder, 'broken.mjs');
    await writeFile(broken, 'export default {');
    expect(await perform(task('greet', {}, { module: `file://${broken}` }))).toMatchObject({ kind: 'threw' });
    await writeFile(join(folder, 'empty.mjs'), 'export const x = 1;');
    expect(await perform(task('greet', {}, { module: `file://${folder}/empty.mjs` }))).toEqual({
      kind: 'threw',
      message: 'The module has no default export with actions',
    });
  });

  it.each([
    ['die', /^was killed by SIGKILL$/],
    ['leave', /^ended with exit code 3$/],
    ['hoard', /^(was killed by SIGABRT|ended with exit code \d+)$/],
  ])('that takes its process down (%s) is told so, and the next one works', async (action, how) => {
    const end = await perform(task(action));
    expect(end).toMatchObject({ kind: 'died' });
    expect(end.kind === 'died' && end.how).toMatch(how);
    expect(await perform(task('greet'))).toMatchObject({ kind: 'done' });
  });

  it('that never yields is killed with what it started, while others go on', async () => {
    const controller = new AbortController();
    const file = join(folder, 'pid');
    const spinning = perform(task('spin', { file }), controller.signal);
    let pid = 0;
    await eventually(async () => {
      pid = Number(await readFile(file, 'utf8'));
      expect(pid).toBeGreaterThan(0);
    });
    const [child = 0] = await childrenOf(pid);
    const other = perform(task('greet'));
    controller.abort(new Error('time is over'));
    expect(await other).toMatchObject({ kind: 'done' });
    expect(await spinning).toMatchObject({ kind: 'died', how: 'was killed by SIGKILL' });
    await eventually(() => expect([pid, child].map(isRunning)).toEqual([false, false]));
  });

  it('may start what outlives its process', async () => {
    const end = await perform(task('start'));
    const { value } = (end.kind === 'done' ? end.data['started'] : end) as { value: number }; // what startDetached gives
    await hosts.close();
    expect(isRunning(value)).toBe(true);
    process.kill(value, 'SIGKILL');
  });

  it('keeps its process for the next action of its module, one at a time', async () => {
    const pids = async (...ends: ReturnType<typeof perform>[]) =>
      (await Promise.all(ends)).map((end) => (end.kind === 'done' ? end.data['pid'] : end));
    const [first] = await pids(perform(task('greet')));
    expect(await pids(perform(task('greet')))).toEqual([first]);
    expect(new Set(await pids(perform(task('greet')), perform(task('greet')), perform(task('greet')))).size).toBe(3);
  });

  it('loses its process after so many actions', async () => {
    await hosts.close();
    hosts = createHostPool({
      logger: createLogger({ name: 't', level: 'fatal', destination: process.stdout }),
      tasksPerHost: 2,
    });
    const pids = [];
    for (let round = 0; round < 4; round++) {
      const end = await perform(task('greet'));
      pids.push(end.kind === 'done' ? end.data['pid'] : end);
    }
    expect(new Set(pids).size).toBe(2);
  });

  it('has what it prints in the log', async () => {
    await perform(task('late_words'));
    await eventually(() => {
      const lines = log.filter(({ event, agent }) => event === 'agent.log' && agent === 'trouble');
      expect(lines.map(({ msg }) => String(msg).trim())).toEqual(
        expect.arrayContaining(['on standard output', 'on standard error']),
      );
    });
  });

  it('is asked whether it wants to be active', async () => {
    const asked = (settings: HostTask['settings']) => perform(task('', {}, { kind: 'activation', settings }));
    expect(await asked({})).toEqual({ kind: 'active', active: true });
    expect(await asked({ wanted: false })).toEqual({ kind: 'active', active: false });
  });
});
