import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { markProcess, processIsRunning, type ProcessMark } from '@muster/broker-config/processes';
import { repositoryRoot, type FleetReady } from '@muster/build/fleet';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

// The command as a person starts it: npm, its shell, the set-up, the fleet.

let folder = '';
let home = '';
const commands: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster fleet command '));
  home = join(folder, 'a home');
});
afterEach(async () => {
  await Promise.all(commands.splice(0).map(stop));
  await rm(folder, { recursive: true, force: true });
});

async function stop(command: ChildProcess): Promise<number | null> {
  if (command.exitCode === null && command.signalCode === null) {
    command.kill('SIGTERM');
    await once(command, 'exit');
  }
  return command.exitCode;
}

function startCommand(...args: string[]): { command: ChildProcess; said: () => string; lines: string[] } {
  const command = spawn('npm', ['run', '--silent', 'fleet', '--', '--home', home, ...args], {
    cwd: repositoryRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  commands.push(command);
  let errors = '';
  const lines: string[] = [];
  command.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  createInterface(command.stdout).on('line', (line) => lines.push(line));
  return { command, said: () => errors, lines };
}

async function startFleet(
  ...args: string[]
): Promise<{ command: ChildProcess; ready: FleetReady; marks: ProcessMark[] }> {
  const { command, said, lines } = startCommand(...args);
  if (command.stdout === null) throw new Error('the command has no output');
  await Promise.race([once(command.stdout, 'data'), once(command, 'exit')]);
  expect(lines, said()).toHaveLength(1);
  const ready = JSON.parse(lines[0] ?? '') as FleetReady; // what the command promises to print
  const pids = [ready.pids.broker, ...Object.values(ready.pids.agents)];
  return { command, ready, marks: pids.flatMap((pid) => markProcess(pid) ?? []) };
}

describe('npm run fleet', () => {
  test('prints one line when all agents are connected, and leaves no process behind', async () => {
    const { command, ready, marks } = await startFleet('--nodes', '3', '--seed', '7');
    expect(ready).toMatchObject({ ready: true, home, nodes: 3, mode: 'processes' });
    expect(ready.amqp).toMatch(/^amqps:\/\/127\.0\.0\.1:\d+$/);
    expect(new Set(Object.values(ready.pids.agents)).size).toBe(3);
    expect(marks.map(processIsRunning)).toEqual([true, true, true, true]);

    // A stopped agent cannot hold the end up.
    const [agent = 0] = Object.values(ready.pids.agents);
    process.kill(agent, 'SIGSTOP');
    expect(await stop(command)).toBe(0);
    expect(marks.filter(processIsRunning)).toEqual([]);
    expect(existsSync(join(home, 'fleet.json'))).toBe(false);
    expect(existsSync(join(home, 'console.yaml'))).toBe(true);
  });

  test('uses a home again, also after it was killed, and refuses one that is in use', async () => {
    const first = await startFleet('--nodes', '2', '--mode', 'emulated');
    expect(new Set(Object.values(first.ready.pids.agents)).size).toBe(1);
    const key = await readFile(join(home, 'persons', 'demo.key'), 'utf8');

    const second = startCommand('--nodes', '2');
    await once(second.command, 'exit');
    expect(second.command.exitCode).toBe(1);
    expect(second.said()).toContain(home);
    expect(second.lines).toEqual([]);

    const book = JSON.parse(await readFile(join(home, 'processes.json'), 'utf8')) as { owner: ProcessMark }; // our own file
    process.kill(book.owner.pid, 'SIGKILL');
    await once(first.command, 'exit');
    expect(first.marks.filter(processIsRunning)).toHaveLength(3);

    const third = await startFleet('--nodes', '2', '--mode', 'emulated');
    expect(first.marks.filter(processIsRunning)).toEqual([]);
    expect(third.ready.amqp).toBe(first.ready.amqp);
    expect(await readFile(join(home, 'persons', 'demo.key'), 'utf8')).toBe(key);
    expect(await stop(third.command)).toBe(0);
  });

  test.each([
    [['--nodes', '0'], '--nodes takes'],
    [['--mode', 'real'], '--mode takes'],
    [['--seed', 'x'], '--seed takes'],
    [['--unknown'], 'unknown'],
  ])('says what is wrong with %j', async (args, message) => {
    const { command, said, lines } = startCommand(...args);
    await once(command, 'exit');
    expect(command.exitCode).toBe(2);
    expect(said()).toContain(message);
    expect(lines).toEqual([]);
  });
});
