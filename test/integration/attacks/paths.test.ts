import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fleet } from '@muster/build/fleet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestFleet } from '../../support/test-fleet.ts';
import { muster, type Ended } from '../cli/muster-process.ts';

/*
 * Names become names of files in many places. Here each of them is given a path that leads out of its folder; a file that must not be
 * read lies where the path leads.
 */

const canary = 'canary-that-nobody-may-read';
const upwards = '../'.repeat(12);

let fleet: Fleet;
let outside: string;

beforeAll(async () => {
  fleet = await startTestFleet({ nodes: 1 });
  outside = await mkdtemp(join(tmpdir(), 'muster-outside-'));
  for (const name of ['secret', 'secret.json', 'secret.policy', 'secret.pem', 'secret.sh'])
    await writeFile(join(outside, name), canary);
});
afterAll(async () => {
  await fleet.stop();
  await rm(outside, { recursive: true });
});

const run = (...args: string[]): Promise<Ended> => muster(fleet.ready.home, ...args);

/** The file that must not be read, by a way up and down again. */
const secret = (): string => `${upwards}${outside.slice(1)}/secret`;

describe('a path in place of a name', () => {
  it.each<[string, (path: string) => string[]]>([
    ['of a task', (path) => ['rpc', 'tasks', 'task_metadata', `task=${path}`]],
    ['of an environment', (path) => ['rpc', 'tasks', 'task_list', `environment=${path}`]],
    ['of a task to run', (path) => ['rpc', 'tasks', 'run_and_wait', `task=${path}`]],
    ['of an agent', (path) => ['rpc', path, 'ping']],
    ['of an action', (path) => ['rpc', 'rpcutil', path]],
    ['of a plugin', (path) => ['plugin', 'doc', path]],
    ['of a run', (path) => ['runs', 'show', path]],
    ['of a preset', (path) => ['preset', 'show', path]],
    ['of a node', (path) => ['inventory', path]],
    ['of a collective', (path) => ['find', '--target', path]],
    [
      'of an agent that a policy is asked for',
      (path) => [
        'policy',
        'check',
        '--policies',
        outside,
        '--caller',
        'person=demo',
        '--agent',
        path,
        '--action',
        'x',
        '--node',
        join(outside, 'node.json'),
      ],
    ],
    ['of a person to certify', (path) => ['ca', 'issue', join(fleet.ready.home, 'ca'), 'person', path]],
  ])('%s is refused, and what lies there is not told', async (_what, args) => {
    const { code, out, err } = await run(...args(secret()));
    expect(code).not.toBe(0);
    expect(out + err).not.toBe('');
    expect(out + err).not.toContain(canary);
  });

  it('leaves nothing behind outside', async () => {
    expect((await readdir(outside)).sort()).toEqual([
      'secret',
      'secret.json',
      'secret.pem',
      'secret.policy',
      'secret.sh',
    ]);
  });
});
