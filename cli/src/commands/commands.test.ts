import { describe, expect, it } from 'vitest';
import { runMuster } from '../program.ts';
import { memoryWorld, type MemoryOptions } from '../testing/memory-surroundings.ts';
import { node, smallFleet } from '../testing/small-fleet.ts';

async function muster(line: string, options: MemoryOptions = {}) {
  const world = memoryWorld({ engine: smallFleet(), ...options });
  const code = await runMuster(line.split(' '), world.surroundings);
  return { code, out: world.stdout.text(), err: world.stderr.text() };
}

describe('muster find', () => {
  it.each([
    ['find', 'web2\nweb1\ndb1\n', 0],
    ['find --sort', 'db1\nweb1\nweb2\n', 0],
    ['find -I /web/ --limit 1', 'web2\n', 0],
    ['find --limit 50%', 'web2\n', 0],
    ['find -F os=RedHat --json', '[\n "db1"\n]\n', 0],
    ['find -F os=RedHat -F os=Debian', '', 1],
    ['find -F os=Solaris --json', '[]\n', 1],
    ['find -W os=Debian -A rpcutil', 'web2\nweb1\n', 0],
  ])('%s', async (line, out, code) => expect(await muster(line)).toEqual({ code, out, err: '' }));

  it('takes lists', async () => {
    const stdin = { kind: 'file', text: '["b","a"]' } as const;
    expect((await muster('find --sort', { stdin })).out).toBe('a\nb\n');
  });

  it('says how long it took when verbose', async () => {
    expect((await muster('find -v')).err).toBe('Discovered 3 nodes in 2.00 seconds using the broadcast method\n');
  });

  it('counts on a terminal while it looks', async () => {
    const { err } = await muster('find --json', { stderr: { isTerminal: true } });
    expect(err).toContain('\rDiscovering hosts for 2 second(s) .... 3\u001b[K');
    expect(err.endsWith('\r\u001b[K')).toBe(true);
  });
});

describe('muster ping', () => {
  it('prints a line for each answer, then the statistics', async () => {
    const { code, out } = await muster('ping --graph');
    expect(code).toBe(0);
    expect(out).toBe(
      `${'web2'.padEnd(40)} time=1.00 ms\n${'web1'.padEnd(40)} time=2.00 ms\n${'db1'.padEnd(40)} time=3.00 ms\n\n` +
        '---- ping statistics ----\n▇\n3 replies max: 3.00 min: 1.00 avg: 2.00\n',
    );
  });

  it('really asks nodes that are named', async () => {
    const { code, out } = await muster('ping -I nobody');
    expect(code).toBe(1);
    expect(out).toBe('\n---- ping statistics ----\nNo responses received\n');
  });

  it('speaks JSON', async () => {
    expect(JSON.parse((await muster('ping -I db1 -j')).out)).toEqual({
      replies: [{ sender: 'db1', time: 0.001 }],
      statistics: { replies: 1, max: 0.001, min: 0.001, avg: 0.001 },
    });
  });
});

describe('muster facts', () => {
  const head = 'Report for fact: os\n\n';
  const tail = 'Finished processing 3 / 3 hosts in 45.00 ms\n';
  const line = (value: string, count: number) => `        ${value.padEnd(40)}found ${count} times\n`;

  it('counts the values', async () => {
    expect(await muster('facts os')).toEqual({
      code: 0,
      out: `${head}${line('Debian', 2)}${line('RedHat', 1)}\n${tail}`,
      err: '',
    });
  });

  it('names the nodes when verbose', async () => {
    const { out } = await muster('facts os -v');
    expect(
      out.startsWith(
        `${head}${line('Debian', 2)}            web1\n            web2\n\n${line('RedHat', 1)}            db1\n`,
      ),
    ).toBe(true);
  });

  it('prints a table', async () => {
    expect((await muster('facts os --table')).out).toBe(
      `os      Count\n------  -----\nDebian      2\nRedHat      1\n\n${tail}`,
    );
  });

  it('speaks JSON, with those that lack the fact', async () => {
    const nodes = [node('a', { n: '10' }), node('b', { n: '9' }), node('c', {})];
    const { out } = await muster('facts n --json', { engine: smallFleet({ nodes }) });
    expect(JSON.parse(out)).toMatchObject({
      fact: 'n',
      values: [
        { value: '9', count: 1, nodes: ['b'] },
        { value: '10', count: 1, nodes: ['a'] },
      ],
      missing: ['c'],
      request_stats: { responses: 3 },
    });
  });

  it('says that nobody has it, or that nobody is there', async () => {
    expect((await muster('facts nosuch')).out).toContain('No values found for fact nosuch');
    expect(await muster('facts os -F os=Solaris')).toMatchObject({
      code: 1,
      out: 'No request sent, we did not discover any nodes.\n',
    });
  });
});

describe('muster inventory', () => {
  it('asks one node for everything', async () => {
    const data = {
      version: '0.1.0',
      starttime: 1_700_000_000,
      configfile: '/etc/x',
      pid: 7,
      memory: 52_428_800,
      total: 5,
      passed: 4,
      filtered: 1,
      ttlexpired: 0,
      replies: 4,
      times: { utime: 1.5, stime: 0.25 },
      collectives: ['muster', 'eu'],
      main_collective: 'muster',
      agents: ['rpcutil', 'discovery'],
      data_plugins: [],
      classes: ['role::web'],
      facts: { os: 'Debian', bad: '\u001b[2J' },
    };
    const { code, out } = await muster('inventory a', {
      engine: smallFleet({ nodes: [node('a', {}, () => ({ data }))] }),
    });
    expect(code).toBe(0);
    expect(out).toBe(`Inventory for a:

   Server Statistics:
                          Version: 0.1.0
                       Start Time: 2023-11-14T22:13:20.000Z
                      Config File: /etc/x
                      Collectives: muster, eu
                  Main Collective: muster
                       Process ID: 7
                           Memory: 50.0 MiB
                   Total Messages: 5
          Messages Passed Filters: 4
                Messages Filtered: 1
                 Expired Messages: 0
                     Replies Sent: 4
             Total Processor Time: 1.50 seconds
                      System Time: 0.25 seconds

   Agents:
      discovery  rpcutil

   Data Plugins:
      none

   Configuration Management Classes:
      role::web

   Facts:
      bad => \\u001b[2J
      os => Debian

`);
  });

  it.each(['inventory nobody', 'inventory a/b', 'inventory web1 --list-collectives'])('fails: %s', async (line) => {
    const { code, out, err } = await muster(line);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/Did not receive any results from node nobody|not a valid identity|takes no name/);
  });

  it('lists collectives and the cache', async () => {
    expect((await muster('inventory --list-collectives')).out).toBe(
      'Collective  Nodes\n----------  -----\nmuster          3\n\nTotal nodes: 3\n',
    );
    expect((await muster('inventory')).out).toContain('web1  0.1.0    2023-11-14T22:13:20.000Z\n');
    expect(await muster('inventory', { engine: smallFleet({ nodes: [] }) })).toMatchObject({ code: 1 });
    expect(JSON.parse((await muster('inventory --refresh --json')).out)).toHaveLength(3);
  });
});

describe('muster runs', () => {
  it('lists what was asked, and shows one', async () => {
    const nodes = [node('web1', { os: 'Debian' }), node('db1', { os: 'Debian' }, () => 'silent')];
    const engine = smallFleet({ nodes });
    await muster('rpc rpcutil get_fact fact=os -F os=Debian', { engine });
    await muster('rpc rpcutil ping -I web1', { engine });
    expect((await muster('runs list', { engine })).out).toMatch(
      /^Run +Started +Action +State +Answers +Nodes\n.*\n0+2 .*rpcutil ping .*1 \/ 1 +@identity=web1\n0+1 .*rpcutil get_fact .*1 \/ 2 +os=Debian\n\n2 of 2 runs\n$/s,
    );
    const { runs } = JSON.parse((await muster('runs list --json', { engine })).out) as { runs: { filter: string }[] };
    expect(runs.map((run) => run.filter)).toEqual([expect.stringContaining('web1'), 'os=Debian']);
    const shown = await muster(`runs show ${'1'.padStart(32, '0')}`, { engine });
    expect(shown.code).toBe(0);
    expect(shown.out).toContain('rpcutil get_fact fact=os\n   By: tester in muster\n');
    expect(shown.out).toContain('   Nodes: os=Debian\n   web1  db1\n');
    expect(shown.out).toContain('Summary of Value:\n\n   Debian = 1\n');
    expect(shown.out).toContain('No response from:\n\n   db1\n');
    const last = JSON.parse((await muster('runs show last --json', { engine })).out) as unknown;
    expect(last).toMatchObject({
      agent: 'rpcutil',
      action: 'ping',
      run: { person: 'tester' },
      replies: [{ sender: 'web1' }],
    });
  });

  it('refuses runs that do not exist', async () => {
    expect((await muster('runs show nosuch')).err).toContain('There is no run nosuch');
    expect((await muster('runs show last')).err).toContain('There are no runs yet');
    expect((await muster('runs list --limit 501')).err).toContain('from 1 to 500');
    expect((await muster('runs list')).out).toBe('No runs.\n');
  });
});
