import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DiscoveryChoice } from '@muster/protocol/bridge';
import { unwrap } from '@muster/protocol/errors';
import { parseFilter } from '@muster/protocol/filter';
import { eventually } from '../../../../test/support/eventually.ts';
import { writeProgram } from '../../../../test/support/write-program.ts';
import { createExternalSource, type ExternalSettings } from './external-source.ts';
import { largestOutputBytes } from './run-program.ts';

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'muster external ')));
});
afterEach(() => rm(folder, { recursive: true }));

const program = (source: string) => writeProgram(folder, source);

interface Asked {
  readonly filter?: string;
  readonly options?: DiscoveryChoice['options'];
  readonly settings?: Partial<ExternalSettings>;
  readonly agent?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

function ask({ filter = '', options = {}, settings = {}, ...more }: Asked) {
  const source = createExternalSource({ command: null, protocol: 'muster', timeoutMs: 20_000, folder, ...settings });
  return source.find({
    filter: unwrap(parseFilter(filter)),
    collective: 'eu',
    options,
    onNode: () => undefined,
    ...more,
  });
}
const fault = (code: string, message: string) => ({
  ok: false,
  error: { code, message: expect.stringContaining(message) as string },
});
const readInput =
  "import { text } from 'node:stream/consumers'; const request = JSON.parse(await text(process.stdin));";

describe('what a program is told', () => {
  it('the request as JSON, and its arguments as they are', async () => {
    const command = await program(
      `${readInput} import { writeFileSync } from 'node:fs';
      writeFileSync('seen.json', JSON.stringify({ request, args: process.argv.slice(2), cwd: process.cwd() })); console.log('web01');`,
    );
    const found = await ask({
      filter: 'os.family=Debian and role::web and (@identity=a or @identity=~/b\\/c/) and (x=1 or not y=2)',
      agent: 'rpcutil',
      options: { command, argument: ['-x; rm *', '$HOME'], region: 'eu', zone: ['a', 'b'] },
    });
    expect(unwrap(found)).toEqual(['web01']);
    expect(JSON.parse(await readFile(join(folder, 'seen.json'), 'utf8'))).toEqual({
      request: {
        protocol: 'muster.discovery.v1',
        collective: 'eu',
        filter: {
          text: 'os.family=Debian and role::web and (@identity=a or @identity=~/b\\/c/) and (x=1 or not y=2) and @agent=rpcutil',
          flags: {
            facts: ['os.family=Debian'],
            classes: ['role::web'],
            agents: ['rpcutil'],
            collectives: [],
            identities: ['a', '/b\\/c/'],
            select: ['x=1 or not y=2'],
          },
        },
        timeout: 20,
        options: { region: 'eu', zone: ['a', 'b'] },
      },
      args: ['-x; rm *', '$HOME'],
      cwd: folder,
    });
  });

  it('nothing that it must read', async () => {
    const command = await program("console.log('web01');");
    expect(unwrap(await ask({ settings: { command: [command] } }))).toEqual(['web01']);
  });
});

describe('what it answers', () => {
  it.each([
    ['lines', "console.log('# two\\na\\nb\\na')", ['a', 'b']],
    ['a list', `console.log('["a","b"]')`, ['a', 'b']],
    ['nodes', `console.log('{"nodes":["a"]}')`, ['a']],
    ['nobody', '', []],
    ['an empty list', `console.log('{"nodes":[]}')`, []],
  ])('%s', async (_what, source, names) => {
    expect(unwrap(await ask({ options: { command: await program(source) } }))).toEqual(names);
  });

  it.each([
    ['no name', "console.log('a b')", 'list.malformed', 'line 1: "a b" is not a valid identity'],
    ['broken JSON', "console.log('[')", 'list.malformed', 'is not JSON'],
    ['an error', `console.log('{"error":"no such region"}')`, 'list.malformed', 'no such region'],
    [
      'a failure',
      "console.error('bad \\u001b[31mtoken'); process.exit(3)",
      'discovery.failed',
      'exit code 3: bad [31mtoken',
    ],
    [
      'too much',
      `const chunk = 'a\\n'.repeat(1e6); setInterval(() => process.stdout.write(chunk))`,
      'discovery.failed',
      `more than ${largestOutputBytes / 1024 ** 2} MiB`,
    ],
  ])('%s is refused', async (_what, source, code, message) => {
    expect(await ask({ options: { command: await program(source) } })).toMatchObject(fault(code, message));
  });
});

describe('what goes wrong', () => {
  it('no command, no such program, no such protocol', async () => {
    expect(await ask({})).toMatchObject(fault('discovery.unconfigured', 'needs a command'));
    expect(await ask({ options: { command: '/nosuch' } })).toMatchObject(
      fault('discovery.failed', 'cannot be started'),
    );
    expect(await ask({ options: { command: '/x', protocol: 'y' } })).toMatchObject(fault('usage.invalid', 'protocol'));
  });

  it.each(['time', 'interruption'])('its whole process group is killed at its end by %s', async (how) => {
    const command = await program(
      `import { spawn } from 'node:child_process'; import { writeFileSync } from 'node:fs';
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
      writeFileSync('pid', String(child.pid)); console.error('waiting'); setInterval(() => {}, 1000);`,
    );
    const childPid = async () => {
      const pid = Number(await readFile(join(folder, 'pid'), 'utf8'));
      expect(pid).toBeGreaterThan(0);
      return pid;
    };
    const interruption = new AbortController();
    const asked = ask({
      options: { command },
      ...(how === 'time' ? { timeoutMs: 2000 } : { signal: interruption.signal }),
    });
    let pid = 0;
    await eventually(async () => (pid = await childPid()));
    interruption.abort();
    expect(await asked).toMatchObject(
      how === 'time'
        ? fault('discovery.failed', 'took longer than 2 seconds: waiting')
        : fault('run.interrupted', 'Interrupted'),
    );
    await eventually(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'));
  });
});

describe('the protocol of Choria', () => {
  const choria = (body: string) =>
    program(`import { readFileSync, writeFileSync } from 'node:fs'; const { env } = process;
      const request = JSON.parse(readFileSync(env.CHORIA_EXTERNAL_REQUEST, 'utf8'));
      const reply = (answer) => writeFileSync(env.CHORIA_EXTERNAL_REPLY, JSON.stringify(answer));
      const protocol = 'io.choria.choria.discovery.v1.external_reply';
      ${body}`);

  it('asks and answers by files', async () => {
    const command = await choria(
      `writeFileSync(${JSON.stringify(join(folder, 'seen.json'))}, JSON.stringify({ request, args: process.argv.slice(2), env: [env.CHORIA_EXTERNAL_REQUEST, env.CHORIA_EXTERNAL_REPLY, env.CHORIA_EXTERNAL_PROTOCOL] }));
      reply({ protocol, nodes: ['a', 'b'], error: '' });`,
    );
    const filter = 'country=mt and os=~/^L/ and apache and @identity=x and not y=2';
    const found = await ask({
      filter,
      agent: 'rpcutil',
      options: { command, argument: 'go', protocol: 'choria', foo: 'bar' },
    });
    expect(unwrap(found)).toEqual(['a', 'b']);
    const seen = JSON.parse(await readFile(join(folder, 'seen.json'), 'utf8')) as { args: string[]; env: string[] }; // written above
    expect(seen).toMatchObject({
      request: {
        $schema: 'https://choria.io/schemas/choria/discovery/v1/external_request.json',
        protocol: 'io.choria.choria.discovery.v1.external_request',
        collective: 'eu',
        filter: {
          fact: [
            { fact: 'country', operator: '==', value: 'mt' },
            { fact: 'os', operator: '=~', value: '/^L/' },
          ],
          cf_class: ['apache'],
          agent: ['rpcutil'],
          identity: ['x'],
          compound: [[{ expr: 'not y=2' }]],
        },
        options: { foo: 'bar' },
        timeout: 20,
      },
      args: ['go', ...seen.env],
    });
    expect(seen.env[2]).toBe('io.choria.choria.discovery.v1.external_request');
  });

  it.each([
    ["reply({ protocol, nodes: [], error: 'no token' })", 'failed: no token'],
    ["reply({ protocol: 'x', nodes: [] })", 'did not answer in the protocol'],
    ['', 'did not write its answer as JSON'],
  ])('refuses %j', async (body, message) => {
    const settings = { command: [await choria(body)], protocol: 'choria' } as const;
    expect(await ask({ settings })).toMatchObject(fault('discovery.failed', message));
  });
});
