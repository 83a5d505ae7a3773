import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runMuster } from '../program.ts';
import { memoryWorld, type MemoryOptions } from '../testing/memory-surroundings.ts';
import { node, smallFleet } from '../testing/small-fleet.ts';
import { splitLine } from './command-line.ts';

const evil = '$(touch pwned)';

const fleet = () =>
  smallFleet({
    nodes: [
      { ...node('web1', { 'os.family': 'Debian', role: 'it is' }), classes: ['role::web', evil, 'a\u001b[2J'] },
      { ...node('db1', { 'os.family': 'RedHat' }), classes: ['role::db'] },
    ],
  });

async function muster(args: readonly string[], options: MemoryOptions = {}) {
  const engine = fleet();
  const world = memoryWorld({ engine, ...options });
  const code = await runMuster(args, world.surroundings);
  return { code, out: world.stdout.text(), err: world.stderr.text(), homes: world.homes, opened: world.opened };
}

/** The candidates for a line as zsh asks, by their values. */
async function zsh(...words: readonly string[]): Promise<readonly string[]> {
  const { out, err, code } = await muster(['completion', '--complete', 'zsh', '--', ...words]);
  expect({ err, code }).toEqual({ err: '', code: 0 });
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t', 1)[0] ?? '');
}

async function bash(line: string, breaks = ' \t\n"\'><=;|&(:'): Promise<readonly string[]> {
  const { out } = await muster(['completion', '--complete', 'bash', '--line', line, '--breaks', breaks]);
  return out.split('\n').filter((text) => text !== '');
}

describe('what may come next', () => {
  it.each([
    [['fi'], ['find', 'filemgr', 'filter']],
    [
      ['runs', ''],
      [
        ...['list', 'show', 'attach', 'watch', 'pause', 'resume', 'stop', 'cancel', 'export', 'import'],
        ...['compare', 'note', 'pin', 'unpin', 'delete', 'restore', 'help'],
      ],
    ],
    [
      ['rpc', ''],
      ['rpcutil', 'service'],
    ],
    [['rpc', 'rpcutil', 'get'], ['get_fact']],
    [['rpc', '-F', 'os=x', '--json', 'rpcutil', 'get'], ['get_fact']],
    [
      ['rpc', 'service', 'restart', ''],
      ['service=', 'wait=', 'force='],
    ],
    [
      ['rpc', 'service', 'restart', 'service=x', ''],
      ['wait=', 'force='],
    ],
    [
      ['rpc', 'service', 'restart', 'force='],
      ['force=true', 'force=false'],
    ],
    [
      ['service', ''],
      ['restart', 'destroy', 'login'],
    ],
    [
      ['find', '-I', ''],
      ['db1', 'web1'],
    ],
    [['find', '--with-identity=w'], ['--with-identity=web1']],
    [['find', '-jI', 'd'], ['db1']],
    [
      ['find', '-C', 'role::'],
      ['role::web', 'role::db'],
    ],
    [['find', '-F', 'os'], ['os.family=']],
    [
      ['find', '-F', 'os.family='],
      ['os.family=Debian', 'os.family=RedHat'],
    ],
    [['find', '--disc-method', 'p'], ['puppetdb']],
    [
      ['rpc', '--display', 'a'],
      ['all', 'always'],
    ],
    [['rpc', '--filter'], ['--filter-replies']],
    [
      ['rpc', '-T', ''],
      ['muster', 'eu'],
    ],
    [['runs', 'show', ''], ['last']],
    [['find', '--nodes', ''], [':files']],
    [['facts', 'ro'], ['role']],
    [
      ['db', ''],
      ['check', 'backup', 'compact', 'help'],
    ],
    [['db', 'backup', '--f'], ['--force']],
    [['runs', 'import', ''], [':files']],
    [['keys', 'join', ''], [':files']],
    [['keys', 'join', 'alice.join', '--proxy-password-file', ''], [':files']],
    [['db', 'check', '--j'], ['--json']],
    [['db', 'backup', ''], [':files']],
    [['find', 'extra', ''], []],
    [['nosuch', ''], []],
    [['find', '--', '-'], []],
  ])('%j', async (words, candidates) => expect(await zsh(...words)).toEqual(candidates));

  it('never is what speaks to the terminal', async () => {
    expect(await zsh('find', '-C', '')).toEqual(['role::web', evil, 'role::db']);
  });

  it('comes with descriptions', async () => {
    const { out } = await muster(['completion', '--complete', 'fish', '--', 'rpc', 'rpcutil', 'get_fact', 'f']);
    expect(out).toBe('fact=\tFact\n');
  });

  it('is looked up without the broker, in the home of the line', async () => {
    const { homes, opened } = await muster(['completion', '--complete', 'zsh', '--', 'rpc', '--home', '/h', '']);
    expect(homes).toEqual(['/h']);
    expect(opened).toEqual([{ offline: true }]);
  });

  it('is at least the commands where there is no home', async () => {
    const world = memoryWorld();
    expect(await runMuster(['completion', '--complete', 'zsh', '--', 'runs', ''], world.surroundings)).toBe(0);
    expect(world.stdout.text()).toMatch(/^list\t.*\nshow\t.*\nattach\t.*\nwatch\t.*\n(.*\n){12}help\t.*\n$/);
    expect(world.stderr.text()).toBe('');
  });
});

describe('for bash', () => {
  it('values are words that bash does not obey', async () => {
    expect(await bash('muster find -C ')).toEqual(['role::web', '\\$\\(touch\\ pwned\\)', 'role::db']);
    expect(await bash('muster find -C \\$\\(t')).toEqual(['\\$\\(touch\\ pwned\\)']);
    const [, word = ''] = await bash('muster find -C ');
    expect(spawnSync('bash', ['-c', `printf %s ${word}`], { encoding: 'utf8' }).stdout).toBe(evil);
    expect(existsSync('pwned')).toBe(false);
    expect(await bash('muster find -C "$(t')).toEqual([]);
    expect(await bash('muster find -F "role=i')).toEqual(['role=it is']);
  });

  it('begin where bash breaks words', async () => {
    expect(await bash('muster find -C role::w')).toEqual(['web']);
    expect(await bash('muster find -C role::w', ' ')).toEqual(['role::web']);
    expect(await bash('muster find -F os.family=D')).toEqual(['Debian']);
    expect(await bash('muster find --with-identity=w')).toEqual(['web1']);
  });

  it.each([
    ['muster a  b', ['a'], 'b', 'b'],
    ['muster a ', ['a'], '', ''],
    [`muster -S "x = 'y' and" z`, ['-S', "x = 'y' and"], 'z', 'z'],
    ['muster a\\ b "c \\"d', ['a b'], 'c "d', '"c \\"d'],
    ["muster '\\a", [], '\\a', "'\\a"],
    ['muster', [], 'muster', 'muster'],
  ])('%j is split as shells do', (line, words, current, raw) => {
    expect(splitLine(line)).toEqual({ words, current, raw });
  });
});

describe('muster completion', () => {
  it.each(['bash', 'zsh', 'fish'])('prints the script for %s', async (shell) => {
    const { code, out } = await muster(['completion', shell]);
    expect(code).toBe(0);
    expect(out).toContain(`completion --complete ${shell} `);
  });

  it('lists, as mco does', async () => {
    const list = async (...args: readonly string[]) => (await muster(['completion', ...args])).out;
    expect(await list('--list-agents')).toBe('rpcutil\nservice\n');
    expect(await list('--list-actions', '--agent', 'service', '-v')).toContain('restart:Restarts\n');
    expect(await list('--list-inputs', '--agent', 'rpcutil', '--action', 'get_fact')).toBe('fact\n');
    expect(await list('--list-applications')).toContain('rpc\n');
  });

  it.each([
    [[], 'Please say for which shell'],
    [['tcsh'], 'There is no completion for tcsh'],
    [['--list-actions'], 'Please say which agent'],
    [['--list-actions', '--agent', 'x'], 'knows no agent x'],
    [['--list-inputs', '--agent', 'service'], 'Please say which action'],
  ])('%j is refused', async (args, message) => {
    const { code, err } = await muster(['completion', ...args]);
    expect(code).toBe(1);
    expect(err).toContain(message);
  });
});
