import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestFleet } from '../../support/test-fleet.ts';
import { writeProgram } from '../../support/write-program.ts';
import { muster, shell } from '../cli/muster-process.ts';
import { findFlags, linesOf } from './find-flags.ts';

// One fleet of 25 processes for the whole file; every second node is in the collective `odd` as well.

let fleet: Awaited<ReturnType<typeof startTestFleet>>;
let home: string;
let folder: string;
let names: readonly string[];
let inventory: readonly string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster discovery '));
  fleet = await startTestFleet({ nodes: 25, collectives: ['muster', 'odd'] });
  ({ home } = fleet.ready);
  names = Object.keys(fleet.ready.pids.agents).sort();
  // With an inventory, discovery knows when all have answered, and need not wait.
  inventory = linesOf((await muster(home, 'inventory', '--refresh')).out);
});
afterAll(async () => {
  await fleet.stop();
  await rm(folder, { recursive: true, force: true });
});

const find = async (...args: string[]) => linesOf((await muster(home, 'find', ...args)).out);
const sorted = async (...args: string[]) => (await find(...args)).sort();

interface RunJson {
  readonly replies: readonly {
    readonly sender: string;
    readonly data: Record<string, unknown>;
    readonly timings: { readonly received: number };
  }[];
  readonly request_stats: {
    readonly requestid: string;
    readonly discovered: number;
    readonly unexpected_responses: string[];
  };
}
// The shape is what these tests are about: a wrong one fails where its fields are looked at.
const runJson = (text: string) => JSON.parse(text) as RunJson;
const rpc = async (...args: string[]) => runJson((await muster(home, 'rpc', 'rpcutil', '--json', ...args)).out);

const program = (source: string) => writeProgram(folder, source);

describe('find on 25 processes', () => {
  it.concurrent.each(findFlags)('$args', async ({ args, matches }) => {
    expect(await sorted(...args)).toEqual(
      fleet.nodes
        .filter(matches)
        .map(({ identity }) => identity)
        .sort(),
    );
  });

  it('asks data plugins', async () => {
    const [web, odd, db] = await Promise.all([sorted('-C', 'role::web'), sorted('-T', 'odd'), sorted('-F', 'role=db')]);
    const asked: readonly (readonly [string, readonly (string | undefined)[]])[] = [
      ["fstat('/etc/passwd').type=file", names],
      ["fstat('/nosuch').present=1", []],
      ["agent('rpcutil').version=/^\\d/ and role::web", web],
      ["collective('odd').member=true", odd],
      ["fact('role').value=db", db],
      [`config_item('identity').value=${names[3] ?? ''}`, [names[3]]],
    ];
    // Six commands at once keep a small machine busy for longer than nodes have by default.
    await Promise.all(
      asked.map(async ([filter, found]) => expect(await sorted('--dt', '10', '-S', filter), filter).toEqual(found)),
    );
  });
});

describe('other ways to find nodes', () => {
  it('finds the same in the inventory, and says what that cannot tell', async () => {
    expect(inventory.length).toBeGreaterThan(25);
    expect(await find('--dm', 'inventory')).toEqual(names);
    expect(await sorted('--dm', 'inventory', '-S', 'role::web or os.family=RedHat')).toEqual(
      await sorted('-S', 'role::web or os.family=RedHat'),
    );
    const { code, err } = await muster(home, 'find', '--dm', 'inventory', '-S', "fstat('/x').present=1");
    expect(code).toBe(1);
    expect(err).toContain("Cannot use data filters while using the 'inventory' discovery method");
  });

  it('takes a list, from a file, a pipe, or an earlier run', async () => {
    const file = join(folder, 'nodes');
    await writeFile(file, names.slice(0, 4).join('\n'));
    expect(await find('--nodes', file)).toEqual(names.slice(0, 4));
    expect(await find('--dm', 'list', '--do', `file=${file}`, '-I', `/${names[1] ?? ''}/`)).toEqual([names[1]]);
    const piped = await shell(
      home,
      'muster rpc rpcutil get_fact fact=role -C role::web --json | muster rpc rpcutil get_fact fact=role --json',
    );
    const { replies } = runJson(piped.out);
    expect(replies.map(({ sender }) => sender).sort()).toEqual(await sorted('-C', 'role::web'));
    expect(new Set(replies.map(({ data }) => data['value']))).toEqual(new Set(['web']));
  });

  it('asks a program, and runs an action on what it names', async () => {
    const command = await program(
      `import { text } from 'node:stream/consumers'; const { filter } = JSON.parse(await text(process.stdin));
      if (!filter.text.includes('os.family')) process.exit(1);
      console.log(JSON.stringify({ nodes: ${JSON.stringify(names.slice(5, 8))} }));`,
    );
    const args = ['--dm', 'external', '--do', `command=${command}`, '-F', 'os.family=Debian'];
    expect(await find(...args)).toEqual(names.slice(5, 8));
    const { replies, request_stats: stats } = await rpc('ping', ...args);
    expect(replies.map(({ sender }) => sender).sort()).toEqual(names.slice(5, 8));
    expect(stats.unexpected_responses).toEqual([]);
  });

  it('says what it does not know', async () => {
    expect((await muster(home, 'find', '--dm', 'carrier')).err).toContain('Unknown discovery method carrier');
    expect((await muster(home, 'find', '--dm', 'puppetdb')).err).toContain('does not say where PuppetDB is');
    expect((await muster(home, 'find', '--do', 'speed=1')).err).toContain(
      "The 'broadcast' discovery method has no option speed",
    );
  });
});

describe('limits', () => {
  it('take a number, a share, or one', async () => {
    expect(await find('--limit', '3')).toHaveLength(3);
    expect(await find('--limit', '50%')).toHaveLength(12);
    expect(await find('--limit', '1%')).toHaveLength(1);
    expect(await find('-1', '-F', 'role=web')).toHaveLength(1);
  });

  it('draw the same nodes for the same seed', async () => {
    const draw = (seed: string) => sorted('--limit', '5', '--limit-seed', seed);
    const [first, again, other] = [await draw('7'), await draw('7'), await draw('8')];
    expect(first).toHaveLength(5);
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    const { replies, request_stats: stats } = await rpc('ping', '--limit', '5', '--limit-seed', '7');
    expect(replies.map(({ sender }) => sender).sort()).toEqual(first);
    expect(stats.unexpected_responses).toEqual([]);
  });
});

describe('batches', () => {
  it('are apart by the pause, under one request id, seen in when nodes received it', async () => {
    const { replies, request_stats: stats } = await rpc('ping', '--batch', '40%', '--batch-sleep', '1');
    expect(replies.map(({ sender }) => sender).sort()).toEqual(names);
    expect(stats.discovered).toBe(25);
    const times = replies.map(({ timings }) => timings.received).sort((a, b) => a - b);
    const gaps = times.flatMap((time, index) => (index > 0 && time - (times[index - 1] ?? time) > 0.9 ? [index] : []));
    expect(gaps).toEqual([10, 20]);
    const shown = JSON.parse((await muster(home, 'runs', 'show', stats.requestid, '--json')).out) as object;
    expect(shown).toMatchObject({ run: { batch: { size: '40%', sleep: 1 } } });
  });
});

describe('a sub-collective', () => {
  it('keeps a request from the nodes outside', async () => {
    const received = async () => {
      const { replies } = await rpc('daemon_stats', '--nodes', await everybody());
      return new Map(replies.map(({ sender, data }) => [sender, Number(data['total'])]));
    };
    const everybody = async () => {
      const file = join(folder, 'everybody');
      await writeFile(file, names.join('\n'));
      return file;
    };
    const inside = fleet.nodes.filter(({ collectives }) => collectives.includes('odd')).map(({ identity }) => identity);
    expect(await sorted('-T', 'odd')).toEqual(inside.toSorted());
    expect(inside.length).toBeGreaterThan(10);

    const before = await received();
    // One broadcast to find them, then a request to each.
    const { replies } = await rpc('ping', '-T', 'odd');
    expect(replies.map(({ sender }) => sender).sort()).toEqual(inside.toSorted());
    const after = await received();

    const growth = (identity: string) => (after.get(identity) ?? NaN) - (before.get(identity) ?? NaN);
    // The statistics themselves are one request.
    expect(names.filter((name) => growth(name) === 1)).toEqual(names.filter((name) => !inside.includes(name)));
    expect(inside.every((name) => growth(name) === 3)).toBe(true);
  });
});
