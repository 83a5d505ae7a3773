import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runMuster } from '../program.ts';
import { memoryWorld, type MemoryOptions } from '../testing/memory-surroundings.ts';
import { smallFleet } from '../testing/small-fleet.ts';

let own: string;
let folder: string;

beforeEach(async () => {
  own = await mkdtemp(join(tmpdir(), 'muster cli profiles '));
  folder = join(own, 'muster');
});
afterEach(() => rm(own, { recursive: true }));

async function muster(args: readonly string[], env: Record<string, string> = {}, options: MemoryOptions = {}) {
  const world = memoryWorld({ ...options, env: { XDG_CONFIG_HOME: own, ...env } });
  const code = await runMuster(args, world.surroundings);
  const { homes, questions } = world;
  return { code, out: world.stdout.text(), err: world.stderr.text(), homes, questions };
}

const json = async (...args: readonly string[]): Promise<unknown> =>
  JSON.parse((await muster([...args, '--json'])).out);

describe('muster profile', () => {
  it('lists the one home of who has never added any', async () => {
    expect((await muster(['profile', 'list'])).out).toContain(`*  default          ${folder} (not set up)\n`);
    expect(await json('profile', 'list')).toEqual({
      present: 'default',
      profiles: [{ name: 'default', home: folder, colour: 'none', set_up: false }],
    });
  });

  it('adds, uses, changes and forgets', async () => {
    const added = await muster(['profile', 'add', 'staging']);
    expect(added.out).toContain('muster keys join FILE --profile staging');
    const home = join(own, 'acme');
    await mkdir(home);
    await writeFile(join(home, 'console.yaml'), '');
    expect(await json('profile', 'add', 'acme', '--home', home, '--colour', 'red')).toEqual({
      ...{ name: 'acme', home, colour: 'red', set_up: true },
    });
    expect((await muster(['profile', 'use', 'acme'])).out).toBe(`The present profile is acme: ${home}\n`);
    expect(await json('profile', 'change', 'acme', '--name', 'ACME', '--colour', 'none')).toMatchObject({
      name: 'ACME',
      colour: 'none',
    });
    expect(await muster(['profile', 'remove', 'ACME'])).toMatchObject({ code: 1 });
    await muster(['profile', 'use', 'default']);
    expect((await muster(['profile', 'remove', 'ACME'])).out).toBe(
      `Forgot ACME. Its home stays with all keys and data: ${home}\n`,
    );
    expect((await stat(join(home, 'console.yaml'))).isFile()).toBe(true);
    expect(await json('profile', 'list')).toMatchObject({
      present: 'default',
      profiles: [{ name: 'default' }, { name: 'staging' }],
    });
  });

  it('says when the environment is stronger than the present one', async () => {
    expect((await muster(['profile', 'list'], { MUSTER_HOME: '/other' })).err).toContain('work on /other');
  });

  it.each([
    [['add', '../evil'], 'profile.invalid'],
    [['add', 'Default'], 'profile.taken'],
    [['use', 'prod'], 'profile.unknown'],
    [['remove', 'default'], 'profile.in_use'],
    [['change', 'default'], 'usage.invalid'],
    [['change', 'default', '--colour', 'pink'], 'usage.invalid'],
  ])('refuses %j', async (args, code) => {
    expect(await json('profile', ...args)).toMatchObject({ error: { code } });
  });

  it('leaves a book that it cannot read as it is', async () => {
    await mkdir(folder);
    await writeFile(join(folder, 'profiles.yaml'), 'present: x\n');
    for (const args of [['profile', 'list'], ['profile', 'add', 'y'], ['find'], ['keys', 'list']]) {
      expect(await muster(args), args.join(' ')).toMatchObject({
        code: 1,
        err: expect.stringContaining('profiles.yaml') as string,
        homes: [],
      });
    }
    expect(await readFile(join(folder, 'profiles.yaml'), 'utf8')).toBe('present: x\n');
    expect((await muster(['find', '--home', '/h'])).homes).toEqual(['/h']);
    expect((await muster(['completion', '--complete', 'zsh', '--', 'profile', ''])).out).toContain('list');
  });
});

describe('commands', () => {
  beforeEach(async () => {
    await muster(['profile', 'add', 'staging', '--home', '/staging']);
    await muster(['profile', 'add', 'acme', '--home', '/acme']);
    await muster(['profile', 'use', 'acme']);
  });

  it.each([
    [['find'], {}, '/acme'],
    [['find', '--profile', 'staging'], {}, '/staging'],
    [['--profile', 'staging', 'runs', 'list'], {}, '/staging'],
    [['find'], { MUSTER_PROFILE: 'staging' }, '/staging'],
    [['find'], { MUSTER_PROFILE: 'staging', MUSTER_HOME: '/folder' }, '/folder'],
    [['find', '--profile', 'staging'], { MUSTER_HOME: '/folder' }, '/staging'],
    [['find', '--home', '/flag'], { MUSTER_PROFILE: 'staging' }, '/flag'],
  ])('%j with %j works on %s', async (args, env, home) => {
    expect((await muster(args, env)).homes).toEqual([home]);
  });

  it.each([
    [['find', '--profile', 'prod'], {}],
    [['--profile', 'prod', 'filter', 'explain'], {}],
    [['find'], { MUSTER_PROFILE: 'prod' }],
  ])('%j with %j open no fleet, and say which there are', async (args, env) => {
    const { code, err, homes } = await muster(args, env);
    expect({ code: code > 0, homes }).toEqual({ code: true, homes: [] });
    expect(err).toContain('There is no profile "prod"\nThere are: default, staging, acme.');
  });

  it.each([
    ['find', '--profile', 'staging', '--home', '/h'],
    ['--profile', 'staging', 'find', '--home', '/h'],
  ])('refuse two homes: %j %j %j %j %j', async (...args) => {
    expect(await muster(args)).toMatchObject({ code: 1, homes: [] });
  });

  it('name the fleet when they ask', async () => {
    const terminal = { stdin: { kind: 'terminal' as const }, stderr: { isTerminal: true } };
    const args = ['rpc', 'service', 'restart', 'service=x', '--profile', 'staging'];
    const { questions } = await muster(args, {}, { engine: smallFleet(), ...terminal });
    expect(questions).toEqual([expect.stringMatching(/nodes? of staging\. Go on\?/)]);
  });

  it('complete names of profiles, and what their homes know', async () => {
    const complete = (...words: string[]) =>
      muster(['completion', '--complete', 'zsh', '--', ...words], {}, { engine: smallFleet() });
    for (const words of [
      ['find', '--profile', ''],
      ['profile', 'use', ''],
      ['--profile', ''],
    ]) {
      expect((await complete(...words)).out.split('\n').map((line) => line.split('\t')[0])).toEqual([
        ...['default', 'staging', 'acme', ''],
      ]);
    }
    expect((await complete('rpc', '--profile', 'staging', '')).homes).toEqual(['/staging']);
    expect((await complete('rpc', '')).homes).toEqual(['/acme']);
    expect((await complete('rpc', '--profile', 'prod', '')).homes).toEqual([]);
  });
});
