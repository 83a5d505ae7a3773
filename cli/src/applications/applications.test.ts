import { describe, expect, it } from 'vitest';
import { runMuster } from '../program.ts';
import { applicationDdls } from '../testing/application-ddls.ts';
import { memoryWorld, type MemoryOptions } from '../testing/memory-surroundings.ts';
import type { ScriptedNode } from '../testing/scripted-runs.ts';
import { node, smallFleet } from '../testing/small-fleet.ts';

type Answer = Exclude<ReturnType<ScriptedNode['answer']>, 'silent'>;

/** A fleet whose nodes answer these, whatever they are asked. */
const fleetOf = (answers: Readonly<Record<string, Answer>>) =>
  smallFleet({
    ddls: applicationDdls,
    nodes: Object.entries(answers).map(([identity, answer]) => ({
      ...node(identity, {}, () => answer),
      agents: ['package', 'service', 'filemgr', 'nettest', 'process'],
    })),
  });

async function muster(
  line: string,
  answers: Readonly<Record<string, Answer>> = { web1: {} },
  options: MemoryOptions = {},
) {
  const engine = fleetOf(answers);
  const world = memoryWorld({ ...options, engine });
  const code = await runMuster(line.split(' '), world.surroundings);
  const [order] = engine.orders;
  const asked = order === undefined ? undefined : { agent: order.agent, action: order.action, inputs: order.inputs };
  const out = world.stdout.text().replace(/Finished processing [\s\S]*$/, '');
  return { code, out, err: world.stderr.text(), asked, questions: world.questions };
}

describe('words of an application', () => {
  it.each([
    ['package nginx status', 'package', 'status', { package: 'nginx' }],
    ['package status nginx', 'package', 'status', { package: 'nginx' }],
    ['package install nginx --version 1.2-3 -y', 'package', 'install', { package: 'nginx', version: '1.2-3' }],
    ['package nginx purge -I web1', 'package', 'purge', { package: 'nginx' }],
    ['package count', 'package', 'count', {}],
    ['package apt_update -y', 'package', 'apt_update', {}],
    ['package yum_clean --mode metadata -y', 'package', 'yum_clean', { mode: 'metadata' }],
    ['package search ngin*', 'package', 'search', { package: 'ngin*' }],
    ['service ssh restart -y', 'service', 'restart', { service: 'ssh' }],
    ['service enable ssh -y', 'service', 'enable', { service: 'ssh' }],
    ['filemgr --file /x -y', 'filemgr', 'touch', { file: '/x' }],
    ['filemgr remove --file /x -y', 'filemgr', 'remove', { file: '/x' }],
    ['filemgr status', 'filemgr', 'status', {}],
    ['nettest ping a.example.com -y', 'nettest', 'ping', { fqdn: 'a.example.com' }],
    ['nettest connect a.example.com 443 -y', 'nettest', 'connect', { fqdn: 'a.example.com', port: 443 }],
    ['process list ^ssh -z -u root', 'process', 'list', { pattern: '^ssh', just_zombies: true, user: 'root' }],
    ['process list', 'process', 'list', {}],
  ])('%s', async (line, agent, action, inputs) => {
    expect((await muster(line)).asked).toEqual({ agent, action, inputs });
  });

  it.each([
    ['package', 'Please say what to do\nWrite PACKAGE and one of install'],
    ['package nginx', 'Please say what to do with nginx'],
    ['package install', 'Please say which package to install'],
    ['package nginx frobnicate', 'Action has to be one of install'],
    ['package nginx count', 'count is not about one package'],
    ['package nginx status now', 'There is no need for "now"'],
    ['package install status', 'are both actions'],
    ['package nginx status --version 1', '--version goes with install'],
    ['package count --mode all', '--mode goes with yum_clean'],
    ['service ssh', 'Please say what to do with ssh\nWrite SERVICE and one of start'],
    ['filemgr /x status', 'Action has to be touch, remove or status, not "/x status"'],
    ['filemgr touch --details', '--details goes with status'],
    ['nettest', 'Please say what to test'],
    ['nettest connect a', 'Cannot test "connect a"\nWrite ping HOST, or connect HOST PORT.'],
    ['nettest connect a 70000', '"70000" is no port'],
    ['process', 'Write list, and at most one pattern'],
    ['process list a b', 'at most one pattern'],
    ['process list --fields pid,size', 'There is no field "SIZE"\nThere are PID, USER'],
  ])('%s is refused', async (line, message) => {
    const { code, err, asked } = await muster(line);
    expect(code).toBe(1);
    expect(err).toContain(message);
    expect(asked).toBeUndefined();
  });

  it('still tells its own version', async () => {
    expect((await muster('--version')).out).toBe('muster 1.2.3\n');
  });
});

describe('what an application asks before it runs everywhere', () => {
  const terminal = { stdin: { kind: 'terminal' }, stderr: { isTerminal: true }, confirm: true } as const;
  it.each([
    ['package install nginx', 'package install changes the only node. Go on?'],
    ['package purge nginx', 'package purge may destroy something on the only node. Go on?'],
    ['nettest ping a', 'nettest ping tests the network on the only node. Go on?'],
  ])('%s', async (line, question) => {
    expect((await muster(line, undefined, terminal)).questions).toEqual([question]);
    expect((await muster(`${line} -y`, undefined, terminal)).questions).toEqual([]);
    expect(await muster(line)).toMatchObject({ code: 1, asked: undefined });
  });
  it.each(['package nginx status', 'process list', 'service ssh status'])('%s: nothing', async (line) => {
    expect((await muster(line, undefined, terminal)).questions).toEqual([]);
  });
});

describe('what an application prints', () => {
  const refused = { statusCode: 1, statusMessage: "Could not start 'ssh'\u0007", state: 'failed' } as const;

  it('package status: name, version and architecture', async () => {
    const answers = {
      'web1.example.com': { data: { name: 'nginx', ensure: '1.22.1-9', arch: 'amd64' } },
      db1: { data: { name: 'nginx', ensure: 'absent', arch: null } },
      web2: { statusCode: 1, statusMessage: 'no apt here' },
      web3: { statusCode: 5, statusMessage: '' },
      evil: { data: { name: '\u001b[2J', ensure: '1\n2' } },
    };
    expect((await muster('package status nginx', answers)).out).toBe(
      [
        '   web1.example.com: nginx-1.22.1-9.amd64',
        '                db1: absent',
        '               web2: no apt here',
        '               web3: Unknown Request Status',
        '               evil: \\u001b[2J-1\\n2',
        '\n',
      ].join('\n'),
    );
  });

  it('package count and md5: what comes out', async () => {
    expect((await muster('package count', { a: { data: { output: '512\n', exitcode: 0 } } })).out).toBe(
      '   a: 512\n\n',
    );
    expect((await muster('package count', { a: { data: { output: 512, exitcode: 0 } } })).out).toBe('   a: 512\n\n');
  });

  it('package checkupdates and search: the packages', async () => {
    const outdated_packages = [
      { package: 'nginx', version: '2', repo: 'stable' },
      { package: 'x', version: '\u001b1' },
    ];
    expect((await muster('package checkupdates', { a: { data: { outdated_packages } } })).out).toBe(
      'a: 2 updates\n   nginx 2 (stable)\n   x \\u001b1\n\n',
    );
    expect((await muster('package search x', { a: { data: { available_packages: [] } } })).out).toBe(
      'a: 0 packages\n\n',
    );
  });

  it('package install: failures alone', async () => {
    const answers = { a: { data: { ensure: '1' } }, b: refused };
    expect((await muster('package install x -y', answers)).out).toBe("   b: Could not start 'ssh'\\u0007\n\n");
  });

  it.each([
    ['status', '   a: running\n   b: stopped\n\n'],
    ['start', '   b: stopped\n\n'],
    ['restart', '   b: stopped\n\n'],
    ['stop', '   a: running\n\n'],
    ['enable', ''],
  ])('service %s: what is not as it should be', async (action, out) => {
    const answers = { a: { data: { status: 'running' } }, b: { data: { status: 'stopped' } } };
    expect((await muster(`service ssh ${action} -y`, answers)).out).toBe(out);
  });

  it('filemgr status: in a line, or everything', async () => {
    const answers = { a: { data: { output: 'present', size: 7 } } };
    expect((await muster('filemgr status --file /x', answers)).out).toBe('   a: present\n\n');
    expect((await muster('filemgr status --file /x --details', answers)).out).toBe(
      'a\n   output: present\n     size: 7\n\n',
    );
  });

  it('nettest: times', async () => {
    expect((await muster('nettest ping b -y', { a: { data: { rtt: 0.5 } } })).out).toBe('   a: time = 0.500 ms\n\n');
    const connected = { a: { data: { connect: true, connect_status: 'Connected', connect_time: 0.01 } } };
    expect((await muster('nettest connect b 1 -y', connected)).out).toBe('   a: Connected, time = 0.010 s\n\n');
  });

  it('process list: a table for each node, and what they come to', async () => {
    const pslist = [
      { pid: 1, username: 'root', vsize: 1_048_576, rss: 2048, cmdline: '/sbin/init \u001b[1m', state: 'S' },
    ];
    const answers = { a: { data: { pslist } }, b: { data: { pslist: [] } }, c: refused };
    expect((await muster('process list init', answers)).out).toBe(
      [
        '   a',
        '',
        '     PID  USER      VSZ  COMMAND',
        '     ---  ----  -------  --------------------',
        '       1  root  1.0 MiB  /sbin/init \\u001b[1m',
        '',
        "c: Could not start 'ssh'\\u0007",
        '',
        'Summary of the processes:',
        '',
        '       Matched hosts: 1',
        '   Matched processes: 1',
        '       Resident size: 2.0 KiB',
        '        Virtual size: 1.0 MiB',
        '\n',
      ].join('\n'),
    );
    expect((await muster('process list --fields state,pid --silent', answers)).out).not.toContain('   a\n');
    expect((await muster('process list --fields state,pid', answers)).out).toContain('     STATE  PID\n');
  });

  it('blocks when verbose, and the forms of every run', async () => {
    const answers = { a: { data: { status: 'running' } } };
    expect((await muster('service ssh start -y -v', answers)).out).toContain('a\n   status: running\n\n');
    expect(JSON.parse((await muster('service ssh status --json', answers)).out)).toMatchObject({ agent: 'service' });
    expect((await muster('service ssh status --table', answers)).out).toContain('Node  status\n');
    const filtered = await muster('service ssh status --filter-replies data.status=stopped', answers);
    expect(filtered.out).toBe('');
  });
});
