import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Request } from '@muster/protocol/messages';
import { createAgentBench, type AgentBench } from '../../../../test/support/agent/agent-bench.ts';
import { describeInjections } from '../../../../test/support/agent/injections.ts';
import { nrpe } from './index.ts';

// Checks of Debian's monitoring-plugins-basic.
const plugins = '/usr/lib/nagios/plugins';
const [node, strict, bare] = ['web1.example.com', 'web2.example.com', 'web3.example.com'];
let bench: AgentBench;
let folder: string;

beforeAll(async () => {
  bench = await createAgentBench();
  folder = await mkdtemp(join(tmpdir(), 'muster-nrpe-'));
  await mkdir(join(folder, 'nrpe.d', 'more'), { recursive: true });
  await mkdir(join(folder, 'included'));
  await writeFile(
    join(folder, 'nrpe.cfg'),
    `# comment
pid_file=/run/nagios/nrpe.pid
dont_blame_nrpe=1
command[dummy_ok]=${plugins}/check_dummy 0 "all | well"
command[dummy_warning]=${plugins}/check_dummy 1 careful
command[dummy]=${plugins}/check_dummy $ARG1$ '$ARG2$'
command[replaced]=${plugins}/check_dummy 2
include=${folder}/other.cfg
include_dir=${folder}/included
`,
  );
  await writeFile(
    join(folder, 'other.cfg'),
    `include=${folder}/nrpe.cfg\ncommand[disk]=${plugins}/check_disk -w 1 -c 0 -p /proc\n`,
  );
  await writeFile(join(folder, 'included', 'a.cfg'), `command[procs]=${plugins}/check_procs -c 1:\n`);
  await writeFile(join(folder, 'included', 'ignored.txt'), 'command[ignored]=true\n');
  await writeFile(
    join(folder, 'nrpe.d', 'more', 'b.cfg'),
    `command[replaced]=${plugins}/check_dummy 0 replaced
command[piped]=${plugins}/check_dummy 0 | cat
command[missing]=${plugins}/no_such_check
command[odd]=/bin/sh -c 'exit 7'
command[killed]=/bin/sh -c 'echo said; kill -9 $$'
`,
  );
  const files = `conf_file: ${folder}/nrpe.cfg\nconf_dir: ${folder}/nrpe.d\n`;
  await bench.start(node, { pluginSettings: { nrpe: files } });
  await bench.start(strict, { pluginSettings: { nrpe: `${files}arguments: false\nuser: no-such-user\n` } });
  await bench.start(bare, { pluginSettings: { nrpe: 'conf_file: /no/such\nconf_dir: /no/such\n' } });
});
afterAll(async () => {
  await bench.close();
  await rm(folder, { recursive: true });
});

const ask = (action: string, inputs: Request['inputs'] = {}, target: string = node) =>
  bench.asker.ask(target, { agent: 'nrpe', action, inputs });
const check = (command: string, args?: string, target?: string) =>
  ask('runcommand', { command, ...(args === undefined ? {} : { args }) }, target);

describe('nrpe runcommand', () => {
  it('runs a check and tells what it said', async () => {
    expect(await check('dummy_ok')).toMatchObject({
      outcome: 'ok',
      statusCode: 0,
      data: { output: 'OK: all', perfdata: 'well', exitcode: 0, command: 'dummy_ok' },
    });
    const procs = await check('procs');
    expect(procs).toMatchObject({ outcome: 'ok', data: { exitcode: 0 } });
    expect(procs.data['output']).toMatch(/^PROCS OK: \d+ processes$/);
    expect(procs.data['perfdata']).toMatch(/^procs=\d+;/);
    expect(await check('replaced')).toMatchObject({ data: { output: 'OK: replaced' } });
  });

  it('fails with the state of what is not OK', async () => {
    expect(await check('dummy_warning')).toMatchObject({
      outcome: 'failed',
      statusCode: 1,
      statusMessage: 'WARNING',
      data: { output: 'WARNING: careful', exitcode: 1, perfdata: '', command: 'dummy_warning' },
    });
    expect(await check('dummy', '2!bad')).toMatchObject({
      statusMessage: 'CRITICAL',
      data: { output: 'CRITICAL: bad' },
    });
  });

  it.each([
    ['nosuch', 'There is no command nosuch'],
    ['missing', `${plugins}/no_such_check cannot be started: spawn ${plugins}/no_such_check ENOENT`],
    ['piped', `The command line uses |, which only a shell understands: ${plugins}/check_dummy 0 | cat`],
    ['odd', 'The check ended with exit code 7: '],
    ['killed', 'The check was ended by SIGKILL: said'],
  ])('says why %s is UNKNOWN', async (name, output) => {
    expect(await check(name)).toMatchObject({
      outcome: 'failed',
      statusCode: 1,
      statusMessage: 'UNKNOWN',
      data: { output, exitcode: 3, command: name },
    });
  });

  it('gives arguments, each as one word, where that is allowed', async () => {
    expect(await check('dummy', "0!a b 'c' $(id)")).toMatchObject({ data: { output: "OK: a b 'c' $(id)" } });
    expect(await check('dummy', '0!x', strict)).toMatchObject({
      statusMessage: 'UNKNOWN',
      data: { output: 'Commands take no arguments on this node' },
    });
  });

  it('runs checks as the user of the settings', async () => {
    expect(await check('dummy_ok', undefined, strict)).toMatchObject({
      data: { output: 'There is no user no-such-user on this node' },
    });
  });

  it('is missing where there are no files of NRPE', async () => {
    expect(await ask('runallcommands', {}, bare)).toMatchObject({ outcome: 'invalid' });
  });
});

describe('nrpe runallcommands', () => {
  it('tells what each check said', async () => {
    const { data, outcome } = await ask('runallcommands');
    expect(outcome).toBe('ok');
    const commands = data['commands'] as Record<string, unknown>; // of the DDL
    expect(Object.keys(commands)).toEqual([
      'disk',
      'dummy',
      'dummy_ok',
      'dummy_warning',
      'killed',
      'missing',
      'odd',
      'piped',
      'procs',
      'replaced',
    ]);
    expect(commands['dummy_warning']).toEqual({ exitcode: 1, output: 'WARNING: careful', perfdata: '' });
  });
});

describe('the data plugin nrpe', () => {
  it('tells the state of a check', async () => {
    const query = (command: string) =>
      bench.asker.ask(node, { action: 'get_data', inputs: { source: 'nrpe', query: command } });
    expect(await query('dummy_warning')).toMatchObject({ outcome: 'ok', data: { exitcode: 1 } });
    expect(await query('nosuch')).toMatchObject({ data: { exitcode: 3 } });
  });
});

describeInjections('nrpe and shells', {
  ddl: nrpe.ddl,
  ask: (action, inputs) => ask(action, inputs as Request['inputs']), // JSON
  harmless: { command: 'dummy', args: '0!x' },
});
