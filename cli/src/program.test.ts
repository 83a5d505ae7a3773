import { describe, expect, it } from 'vitest';
import { fail } from '@muster/protocol/errors';
import { runMuster } from './program.ts';
import { memoryWorld, type MemoryOptions } from './testing/memory-surroundings.ts';
import { smallFleet } from './testing/small-fleet.ts';

async function muster(args: readonly string[], options: MemoryOptions = {}) {
  const world = memoryWorld(options);
  const code = await runMuster(args, world.surroundings);
  return { code, out: world.stdout.text(), err: world.stderr.text(), homes: world.homes };
}

const commands = [
  [],
  ['ping'],
  ['find'],
  ['rpc'],
  ['facts'],
  ['inventory'],
  ['runs', 'list'],
  ['runs', 'show'],
  ['filter', 'match'],
  ['filter', 'explain'],
];

describe('the program', () => {
  it.each([['--version'], ['-V']])('says its version: %s', async (flag) => {
    expect(await muster([flag])).toMatchObject({ code: 0, out: 'muster 1.2.3\n', err: '' });
  });

  it.each(commands)('explains itself with examples: %s %s', async (...command) => {
    const { code, out } = await muster([...command, '--help']);
    expect(code).toBe(0);
    expect(out).toContain(`Usage: ${['muster', ...command].join(' ')}`);
    expect(out).toContain('Examples:\n  muster ');
  });

  it.each([
    [['png'], "unknown command 'png'\nDid you mean ping?"],
    [['find', '--jso'], "unknown option '--jso'\nDid you mean --json?"],
    [['runs', 'lst'], "unknown command 'lst'\nDid you mean list?"],
    [['find', 'x'], 'too many arguments'],
    [['facts'], "missing required argument 'fact'"],
  ])('refuses %j', async (args, message) => {
    const { code, out, err } = await muster(args);
    expect(code).toBe(1);
    expect(err).toContain(message);
    expect(out).toBe('');
  });

  it.each(['-j', '--json', '-vj'])('refuses as JSON where JSON was asked for: %s', async (flag) => {
    const { code, out, err } = await muster(['find', flag, '--nonsense']);
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(JSON.parse(out)).toEqual({
      error: { code: 'usage.invalid', message: "unknown option '--nonsense'", mend: 'See muster --help.' },
    });
  });

  it('shows its help and fails when no command is given', async () => {
    const { code, err } = await muster([]);
    expect(code).toBe(1);
    expect(err).toContain('Usage: muster');
  });

  it('takes the home from the flag, else from the environment, else the own one', async () => {
    const env = { MUSTER_HOME: '/env', XDG_CONFIG_HOME: '/own' };
    expect((await muster(['find', '--home', '/flag'], { env })).homes).toEqual(['/flag']);
    expect((await muster(['find'], { env })).homes).toEqual(['/env']);
    expect((await muster(['find'], { env: { XDG_CONFIG_HOME: '/own' } })).homes).toEqual(['/own/muster']);
  });

  it('says how to get a home', async () => {
    const { code, err } = await muster(['find', '--home', '/none']);
    expect(code).toBe(1);
    expect(err).toMatch(/There is no console.yaml in \/none\nName the folder .*npm run fleet/);
  });

  it('passes on what is wrong with a configuration', async () => {
    const engine = fail('config.invalid', 'console.yaml:3: unknown key "persn"', { mend: 'Did you mean "person"?' });
    const { code, err } = await muster(['runs', 'list'], { engine });
    expect({ code, err }).toEqual({
      code: 1,
      err: 'muster: console.yaml:3: unknown key "persn"\nDid you mean "person"?\n',
    });
  });

  it('marks the place in a filter, with the text made harmless', async () => {
    const { err } = await muster(['find', '-S', 'os=linux \u001b[2Jand ('], { engine: smallFleet() });
    const [message = '', text = '', marks = ''] = err.split('\n');
    expect(message).toContain("In -S 'os=linux \\u001b");
    expect(text).toBe('  os=linux \\u001b[2Jand (');
    expect(marks).toMatch(/^ +\^+$/);
    expect(err).not.toContain('\u001b');
  });

  it('colours on a terminal alone', async () => {
    const { err } = await muster(['png'], { stderr: { colours: true } });
    expect(err).toContain('\u001b[31mmuster:\u001b[39m');
  });
});
