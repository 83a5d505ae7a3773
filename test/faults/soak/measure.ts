import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { onBroker } from '../world/rabbitmqctl.ts';
import type { World } from '../world/world.ts';

/** Everything that must not grow, by name. Bytes and numbers. */
export type Measurements = Readonly<Record<string, number>>;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) * 1024;
}

const openFiles = async (pid: number): Promise<number> => (await readdir(`/proc/${pid}/fd`)).length;

/** How long a process may take to collect its garbage. */
const heapMs = 1500;

async function heapBytes(reports: string, pids: readonly number[]): Promise<number> {
  for (const pid of pids) process.kill(pid, 'SIGWINCH');
  await pause(heapMs);
  return sum(await Promise.all(pids.map(async (pid) => Number(await readFile(join(reports, String(pid)), 'utf8')))));
}

const countLines = (text: string): number => text.split('\n').filter((line) => line !== '').length;

async function brokerCounts(home: string): Promise<Measurements> {
  const ctl = (...args: string[]) => onBroker(home, 'rabbitmqctl', args);
  const list = async (what: string, column: string) => countLines(await ctl(`list_${what}`, column));
  return {
    'broker: queues': await list('queues', 'name'),
    'broker: bindings': await list('bindings', 'routing_key'),
    'broker: connections': await list('connections', 'pid'),
    'broker: channels': await list('channels', 'pid'),
    'broker: Erlang bytes': Number(
      await ctl('eval', 'erlang:memory(processes) + erlang:memory(ets) + erlang:memory(binary).'),
    ),
  };
}

/** All files of the fleet, those for a while among them. */
const files = async (world: World): Promise<number> => (await readdir(world.folder, { recursive: true })).length;

export async function measure(world: World, reports: string): Promise<Measurements> {
  const agents = world.hosts.map(({ pid }) => pid);
  const consoles = world.consoles.map(({ pid }) => pid);
  const of = async (pids: readonly number[], read: (pid: number) => Promise<number>) =>
    sum(await Promise.all(pids.map(read)));
  return {
    'agents: heap bytes': await heapBytes(reports, agents),
    'agents: resident bytes': await of(agents, residentBytes),
    'agents: open files': await of(agents, openFiles),
    'consoles: heap bytes': await heapBytes(reports, consoles),
    'consoles: resident bytes': await of(consoles, residentBytes),
    'consoles: open files': await of(consoles, openFiles),
    'broker: resident bytes': await residentBytes(world.broker.pid),
    'broker: open files': await openFiles(world.broker.pid),
    ...(await brokerCounts(world.folder)),
    files: await files(world),
  };
}
