import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { startTestFleet } from '../../support/test-fleet.ts';
import { muster, shell } from './muster-process.ts';

let fleet: Awaited<ReturnType<typeof startTestFleet>>;
let home: string;
let name: string;

beforeAll(async () => {
  fleet = await startTestFleet({ nodes: 2 });
  ({ home } = fleet.ready);
  name = Object.keys(fleet.ready.pids.agents).sort()[0] ?? '';
  expect((await muster(home, 'inventory', '--refresh')).code).toBe(0);
  expect((await muster(home, 'preset', 'save', 'two words', '-F', 'kernel=Linux')).code).toBe(0);
});
afterAll(() => fleet.stop());

const lines = (text: string) => text.split('\n').filter((line) => line !== '');

/** Shell and program start several times, on a machine that may be busy. */
const patienceMs = 90_000;

/** What bash offers for lines with the cursor at their ends: the words, and options that it was told. */
async function offered(...typed: readonly string[]): Promise<readonly (readonly string[])[]> {
  const script = [
    'eval "$(muster completion bash)"',
    'compopt() { echo "compopt $*"; }',
    ...typed.flatMap((line) => [
      `COMP_LINE='${line}'; COMP_POINT=${line.length}; _muster_complete muster`,
      `printf '%s\\n' "\${COMPREPLY[@]}" ---`,
    ]),
  ].join('\n');
  const { out } = await shell(home, script);
  return out.split('---\n').slice(0, -1).map(lines);
}

describe('completion in bash', () => {
  it('knows commands, agents, actions, inputs, nodes and presets, from the inventory', async () => {
    expect(
      await offered(
        'muster rp',
        'muster rpc rpcu',
        'muster rpc rpcutil get_fac',
        'muster rpc rpcutil get_fact f',
        `muster find -I ${name}`,
        'muster find -F os.famil',
        'muster find --preset tw',
        'muster find --nodes ',
      ),
    ).toEqual([
      ['rpc'],
      ['rpcutil'],
      ['get_fact', 'get_facts'],
      ['compopt -o nospace', 'fact='],
      [name],
      ['compopt -o nospace', 'os.family='],
      ['two\\ words'],
      ['compopt -o default'],
    ]);
  });

  const hasTerminal = spawnSync('script', ['--version']).status === 0;
  it.skipIf(!hasTerminal)('completes what is typed at a prompt (needs the program script)', async () => {
    const rc = join(home, 'rc');
    const own = await shell(home, 'declare -f muster');
    await writeFile(rc, `${own.out}\neval "$(muster completion bash)"; PS1='ready> '; bind 'set bell-style none'\n`);
    const terminal = spawn('script', ['-qec', `bash --noprofile --rcfile '${rc}' -i`, '/dev/null'], {
      env: { ...process.env, MUSTER_HOME: home, TERM: 'dumb' },
    });
    let out = '';
    terminal.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    const ended = once(terminal, 'close');
    await eventually(() => expect(out).toContain('ready> '), patienceMs);
    terminal.stdin.write('muster find --preset tw\t--jso\t\n');
    await eventually(() => expect(out).toContain(JSON.stringify(name)), patienceMs);
    expect(out).toContain('muster find --preset two\\ words --json');
    terminal.stdin.end('exit\n');
    await ended;
    await rm(rc);
  });
});

describe.each(['zsh', 'fish'])('completion in %s', (program) => {
  const isHere = spawnSync(program, ['--version']).status === 0;
  it.skipIf(!isHere)(`is a script that ${program} understands (needs ${program})`, async () => {
    const checked = await shell(
      home,
      `muster completion ${program} > '${home}/script'; ${program} -n '${home}/script'`,
    );
    expect(checked).toMatchObject({ code: 0, err: '' });
  });
});
