import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { startTestFleet } from '../../support/test-fleet.ts';
import { muster, shell, start } from './muster-process.ts';

const size = 6;
let fleet: Awaited<ReturnType<typeof startTestFleet>>;
let home: string;
let agents: Readonly<Record<string, number>>;
let names: readonly string[];

beforeAll(async () => {
  fleet = await startTestFleet({ nodes: size });
  ({ home } = fleet.ready);
  agents = fleet.ready.pids.agents;
  names = Object.keys(agents).sort();
});
afterAll(() => fleet.stop());

const lines = (text: string) => text.split('\n').filter((line) => line !== '');
const first = () => names[0] ?? '';
const second = () => names[1] ?? '';

interface RunJson {
  readonly replies: readonly {
    readonly sender: string;
    readonly statuscode: number;
    readonly data: Record<string, unknown>;
  }[];
  readonly request_stats: { readonly requestid: string; readonly no_responses: string[]; readonly discovered: number };
}
// The shape is what these tests are about: a wrong one fails where its fields are looked at.
const runJson = (text: string) => JSON.parse(text) as RunJson;

/** Freezes one agent's process while `during` runs. */
async function frozen<T>(identity: string, during: () => Promise<T>): Promise<T> {
  const pid = agents[identity] ?? 0;
  process.kill(pid, 'SIGSTOP');
  try {
    return await during();
  } finally {
    process.kill(pid, 'SIGCONT');
  }
}

describe('muster on a fleet', () => {
  it('finds every node', async () => {
    const { code, out } = await muster(home, 'find', '--sort');
    expect(code).toBe(0);
    expect(lines(out)).toEqual(names);
    expect(JSON.parse((await muster(home, 'find', '--json', '--sort')).out)).toEqual(names);
  });

  it('pings every node', async () => {
    const { code, out } = await muster(home, 'ping');
    expect(code).toBe(0);
    expect(out.match(/ time=[\d.]+ ms$/gm)).toHaveLength(size);
    expect(out).toContain(`${size} replies max: `);
  });

  it('runs an action on every node', async () => {
    const { code, out, err } = await muster(home, 'rpc', 'rpcutil', 'ping', '--json');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const { replies, request_stats: stats } = runJson(out);
    expect(replies.map(({ sender }) => sender).sort()).toEqual(names);
    expect(replies.every(({ statuscode }) => statuscode === 0)).toBe(true);
    expect(stats.no_responses).toEqual([]);
  });

  it('selects by fact, class, agent, identity and expression', async () => {
    const facts = runJson((await muster(home, 'rpc', 'rpcutil', 'inventory', '--json')).out).replies;
    const having = (text: string) =>
      facts
        .filter(({ data }) => JSON.stringify(data).includes(text))
        .map(({ sender }) => sender)
        .sort();
    const found = async (...args: string[]) => lines((await muster(home, 'find', '--sort', ...args)).out);
    expect(await found('-F', 'os.family=Debian')).toEqual(having('"family":"Debian"'));
    expect(await found('-C', 'role::web')).toEqual(having('role::web'));
    expect(await found('-A', 'rpcutil')).toEqual(names);
    expect(await found('-A', 'nosuch')).toEqual([]);
    expect(await found('-I', first(), '-I', second())).toEqual([first(), second()]);
    expect(await found('-I', `/^${first().slice(0, 3)}/`)).toEqual(
      names.filter((name) => name.startsWith(first().slice(0, 3))),
    );
    expect(await found('-S', 'os.family=Debian or role::web')).toEqual(
      [...new Set([...having('"family":"Debian"'), ...having('role::web')])].sort(),
    );
    expect(await found('-S', "agent('rpcutil').version = /./")).toEqual(names);
  });

  it('reports facts and one node', async () => {
    const facts = await muster(home, 'facts', 'kernel');
    expect(facts.out).toMatch(new RegExp(`Report for fact: kernel\n\n +Linux +found ${size} times\n`));
    const node = await muster(home, 'inventory', first());
    expect(node.code).toBe(0);
    expect(node.out).toContain(`Inventory for ${first()}:`);
    expect(node.out).toMatch(
      /Process ID: \d+[\s\S]*Agents:\n +discovery [\s\S]* rpcutil\b[\s\S]*Facts:\n[\s\S]*kernel => Linux/,
    );
    expect((await muster(home, 'inventory', '--list-collectives')).out).toContain(`Total nodes: ${size}`);
    expect(lines((await muster(home, 'inventory', '--refresh')).out)).toHaveLength(size + 2);
  });

  it('keeps each run with its filter and its nodes', async () => {
    const filter = ['-F', 'kernel=Linux'];
    const { requestid } = runJson(
      (await muster(home, 'rpc', 'rpcutil', 'ping', '--json', ...filter)).out,
    ).request_stats;
    const list = await muster(home, 'runs', 'list');
    expect(lines(list.out)[2]).toMatch(
      new RegExp(`^${requestid} .*rpcutil ping +finished +${size} / ${size} +kernel=Linux$`),
    );
    const shown = await muster(home, 'runs', 'show', requestid, '--json');
    expect(JSON.parse(shown.out)).toMatchObject({
      run: { filter: 'kernel=Linux', state: 'finished', discovered: size },
    });
    expect(runJson(shown.out).replies.map(({ sender }) => sender)).toEqual(names);
    expect((await muster(home, 'runs', 'show', 'last')).out).toContain(`Run ${requestid}`);
  });
});

describe('lists of nodes', () => {
  it('go from one command to the next through a pipe', async () => {
    const piped = await shell(home, `muster rpc rpcutil ping -I ${first()} --json | muster rpc rpcutil ping --json`);
    expect(runJson(piped.out).replies.map(({ sender }) => sender)).toEqual([first()]);
    const found = await shell(home, `muster find -I ${second()} | muster facts kernel`);
    expect(found.out).toContain('found 1 times');
  });

  it('are not awaited from a pipe that stays silent', async () => {
    // Opened for reading and writing, a named pipe never ends and never says anything.
    const silent = (command: string) =>
      shell(home, `d=$(mktemp -d); mkfifo "$d/p"; ${command} <> "$d/p"; code=$?; rm -r "$d"; exit $code`);
    const { code, out, err } = await silent('muster rpc rpcutil ping --json');
    expect({ code, nodes: runJson(out).request_stats.discovered }).toEqual({ code: 0, nodes: size });
    // Longer where commands start slowly.
    const [, seconds = ''] = /in (\d+) seconds/.exec(err) ?? [];
    expect(Number(seconds)).toBeGreaterThanOrEqual(3);
    expect(err).toBe(
      `muster: STDIN is a pipe, and nothing came from it in ${seconds} seconds: it is not taken for a list of nodes.\n`,
    );
  });

  it('come from files', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'muster-cli-'));
    try {
      await writeFile(join(folder, 'nodes'), `# two\n${first()}\n${second()}\n`);
      const { out } = await muster(home, 'rpc', 'rpcutil', 'ping', '--json', '--nodes', join(folder, 'nodes'));
      expect(runJson(out).request_stats.discovered).toBe(2);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('a node that does not answer', () => {
  it('is named, and fails the command only when nobody answers', async () => {
    await frozen(first(), async () => {
      const both = await muster(home, 'rpc', 'rpcutil', 'ping', '-t', '2', '--json', '-I', first(), '-I', second());
      expect(both.code).toBe(0);
      expect(runJson(both.out).request_stats.no_responses).toEqual([first()]);
      const alone = await muster(home, 'rpc', 'rpcutil', 'ping', '-t', '1', '-I', first());
      expect(alone.code).toBe(4);
      expect(alone.out).toContain(`No response from:\n\n   ${first()}\n`);
      expect((await muster(home, 'inventory', first(), '-t', '1')).code).toBe(1);
      expect(lines((await muster(home, 'find')).out)).toHaveLength(size - 1);
    });
  });

  it('can be left alone by an interruption', async () => {
    await frozen(first(), async () => {
      const running = start(home, ['rpc', 'rpcutil', 'ping', '-t', '60', '-I', first(), '-I', second()]);
      await eventually(() => expect(running.out()).toContain('Timestamp'), 20_000);
      running.signal('SIGINT');
      const { code, err } = await running.ended;
      expect(code).toBe(130);
      expect(err).toContain('1 of 2 nodes have answered');
    });
  });
});

describe('what goes wrong', () => {
  it('says that the broker is not there', async () => {
    const copy = await mkdtemp(join(tmpdir(), 'muster-cli-'));
    try {
      await cp(home, copy, { recursive: true, filter: (source) => !/\/(broker|nodes|data)$/.test(source) });
      const file = join(copy, 'console.yaml');
      await writeFile(file, (await readFile(file, 'utf8')).replaceAll(/(amqps:\/\/127\.0\.0\.1):\d+/g, '$1:1'));
      const { code, err, out } = await muster(copy, 'find');
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err).toContain('muster: No broker answers at amqps://127.0.0.1:1');
      const json = await muster(copy, 'rpc', 'rpcutil', 'ping', '--json');
      expect(json).toMatchObject({ code: 1, err: '' });
      expect(JSON.parse(json.out)).toMatchObject({ error: { code: 'broker.unreachable' } });
    } finally {
      await rm(copy, { recursive: true });
    }
  });

  it('says what the fleet lacks', async () => {
    expect(await muster(home, 'rpc', 'nosuch', 'ping')).toMatchObject({ code: 1, out: '' });
    expect((await muster(home, 'rpc', 'rpcutil', 'nosuch')).err).toContain('It has: ');
    expect((await muster(home, 'rpc', 'rpcutil', 'ping', '-F', 'kernel=Plan9')).code).toBe(1);
  });
});
