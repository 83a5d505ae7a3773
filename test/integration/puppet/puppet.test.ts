import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Request } from '@muster/protocol/messages';
import { createAgentBench, type AgentBench } from '../../support/agent/agent-bench.ts';
import { eventually } from '../../support/eventually.ts';
import { createPuppetHome, type PuppetHome } from '../../support/puppet/puppet-home.ts';

type Inputs = Request['inputs'];

const node = 'web1.example.com';
let puppet: PuppetHome;
let bench: AgentBench;

const startNode = (identity: string, settings: Inputs) =>
  bench.start(identity, { pluginSettings: { puppet: JSON.stringify({ ...puppet.places, ...settings }) } });
const ask = (action: string, inputs: Inputs = {}, target = node) =>
  bench.asker.ask(target, { agent: 'puppet', action, inputs });
const data = async (action: string, inputs: Inputs = {}, target = node) => {
  const reply = await ask(action, inputs, target);
  expect(reply).toMatchObject({ outcome: 'ok', statusCode: 0, statusMessage: 'OK' });
  return reply.data;
};
const nowSeconds = () => Math.floor(Date.now() / 1000);
const isThere = (file: string) =>
  stat(file).then(
    () => true,
    () => false,
  );

const lastWritten = () =>
  stat(puppet.at('public', 'last_run_summary.yaml')).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );

beforeAll(async () => {
  puppet = await createPuppetHome();
  bench = await createAgentBench();
  await startNode(node, {
    mode: 'apply',
    manifest: puppet.manifest,
    resource_types_allowed: ['file', 'notify', 'nosuch'],
    resource_names_denied: { file: ['/etc/passwd'] },
  });
});
afterAll(async () => {
  await bench.close();
  await puppet.remove();
});

describe('puppet on a node where it never ran', () => {
  it('tells so', async () => {
    const status = await data('status');
    expect(status).toMatchObject({
      applying: false,
      idling: false,
      enabled: true,
      daemon_present: false,
      lastrun: 0,
      status: 'stopped',
      disable_message: '',
      message: 'Currently stopped; no completed run is known',
    });
    expect(Math.abs(Number(status['since_lastrun']) - nowSeconds())).toBeLessThan(60);
    expect(await data('last_run_summary', { logs: true })).toMatchObject({
      out_of_sync_resources: -1,
      failed_resources: -1,
      total_resources: 0,
      total_time: 0,
      lastrun: 0,
      config_version: '',
      type_distribution: {},
      summary: {},
      logs: [],
    });
  });
});

describe('puppet that is disabled', () => {
  it('says by whom and why, runs nothing, and is enabled once', async () => {
    expect(await data('disable')).toEqual({
      enabled: false,
      status: expect.stringMatching(
        /^Succesfully locked the Puppet agent: Disabled via Muster by cert=alice at \d{4}-\d\d-\d\d \d\d:\d\d$/,
      ) as string,
    });
    expect(await ask('disable', { message: 'again' })).toMatchObject({
      statusCode: 1,
      statusMessage: 'Could not disable Puppet: Already disabled',
      data: { enabled: false, status: '' },
    });
    expect(await data('enable')).toEqual({ enabled: true, status: 'Succesfully enabled the Puppet agent' });
    expect(await ask('enable')).toMatchObject({
      statusCode: 1,
      statusMessage: 'Could not enable Puppet: Already enabled',
      data: { enabled: true },
    });
    await data('disable', { message: 'waiting for the new release' });
    expect(await data('status')).toMatchObject({
      enabled: false,
      status: 'disabled',
      disable_message: 'waiting for the new release',
      message: 'Currently disabled; no completed run is known',
    });
    expect(await ask('runonce')).toMatchObject({
      statusCode: 1,
      statusMessage: "Puppet is disabled: 'waiting for the new release'",
    });
    await data('enable');
  });

  it('agrees with Puppet itself about the lock', async () => {
    await data('disable', { message: 'by us' });
    await puppet.puppet('agent', '--enable');
    expect(await data('status')).toMatchObject({ enabled: true });
    await puppet.puppet('agent', '--disable', 'by Puppet');
    expect(await data('status')).toMatchObject({ enabled: false, disable_message: 'by Puppet' });
    await data('enable');
    await writeFile(puppet.at('var', 'state', 'agent_disabled.lock'), '');
    expect(await ask('runonce')).toMatchObject({ statusMessage: 'Puppet is disabled' });
    await data('enable');
  });
});

describe('a run of puppet', () => {
  const greeting = () => puppet.at('greeting');
  /** Resolves when the run has ended. A machine that runs other tests beside it is slow. */
  const run = async (inputs: Inputs = { force: true }) => {
    const before = await lastWritten();
    const begun = await data('runonce', inputs);
    expect(Math.abs(Number(begun['initiated_at']) - nowSeconds())).toBeLessThan(60);
    await eventually(async () => {
      expect(await lastWritten()).toBeGreaterThan(before);
      const { applying, lastrun } = await data('status');
      expect(applying).toBe(false);
      expect(lastrun).toBeGreaterThanOrEqual(Number(begun['initiated_at']));
    }, 90_000);
    return begun;
  };

  it('does what the manifest says, and tells of it', async () => {
    await puppet.writeManifest(`
      class greeter { file { '${greeting()}': content => "hello\n" } }
      include greeter
      notify { 'well met': }
      file { '${puppet.at('gone')}': ensure => absent }
    `);
    const { summary } = await run();
    expect(summary).toMatch(/^Started a Puppet run using the 'puppet apply --color=false .* --no-splay .*' command$/);
    expect(await readFile(greeting(), 'utf8')).toBe('hello\n');
    const last = await data('last_run_summary', { logs: true });
    expect(last).toMatchObject({
      out_of_sync_resources: 2,
      failed_resources: 0,
      corrected_resources: 0,
      changed_resources: 2,
      type_distribution: { File: 2, Notify: 1 },
      summary: { version: { puppet: expect.stringMatching(/^\d/) as string }, events: { success: 2 } },
    });
    expect(last['total_resources']).toBeGreaterThanOrEqual(3);
    expect(last['total_time']).toBeGreaterThan(0);
    expect(last['config_retrieval_time']).toBeGreaterThan(0);
    expect(last['config_version']).toMatch(/^\d+$/);
    expect(last['since_lastrun']).toBe(Number(last['since_lastrun']));
    expect(last['logs']).toEqual(
      expect.arrayContaining([
        {
          level: 'notice',
          source: '/Stage[main]/Main/Notify[well met]/message',
          msg: "defined 'message' as 'well met'",
          time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
          time_utc: expect.any(Number) as number,
        },
      ]),
    );
    expect((await data('status'))['message']).toMatch(
      /^Currently stopped; last completed run (\d+ minutes )?\d\d seconds ago$/,
    );
  });

  it('puts right what has drifted, and tells of it', async () => {
    await writeFile(greeting(), 'drifted\n');
    await run();
    expect(await data('last_run_summary')).toMatchObject({ out_of_sync_resources: 2, changed_resources: 2, logs: [] });
    expect(await readFile(greeting(), 'utf8')).toBe('hello\n');
  });

  it('changes nothing when it is a dry run, and only what has a tag', async () => {
    await rm(greeting());
    await run({ force: true, noop: true });
    expect(await isThere(greeting())).toBe(false);
    expect(await data('last_run_summary')).toMatchObject({ changed_resources: 0 });
    await run({ force: true, tags: 'other,unknown' });
    expect(await isThere(greeting())).toBe(false);
    await run({ force: true, skip_tags: 'greeter' });
    expect(await isThere(greeting())).toBe(false);
    await run({ force: true, tags: 'greeter', noop: false, ignoreschedules: true, environment: 'production' });
    expect(await isThere(greeting())).toBe(true);
  });

  it('that fails tells how', async () => {
    await puppet.writeManifest("exec { '/bin/false': }");
    await run({ splay: true, splaylimit: 1 });
    // Puppet writes the report after the summary, and a run that was not forced does not count as applying until then.
    await eventually(async () => {
      expect(await data('last_run_summary', { logs: true })).toMatchObject({
        failed_resources: 1,
        logs: expect.arrayContaining([expect.objectContaining({ level: 'err' }) as object]) as object,
      });
    }, 60_000);
  });

  it('begins once, however many ask, and goes on without the agent', async () => {
    const [go, done] = [puppet.at('go'), puppet.at('done')];
    await puppet.writeManifest(`
      exec { "/bin/sh -c 'until [ -e \\"${go}\\" ]; do sleep 0.1; done'": }
      -> file { '${done}': content => 'done' }
    `);
    const other = 'web2.example.com';
    const agent = await startNode(other, { mode: 'apply', manifest: puppet.manifest });
    const replies = await Promise.all([1, 2, 3, 4].map(() => ask('runonce', { force: true }, other)));
    expect(replies.filter(({ outcome }) => outcome === 'ok')).toHaveLength(1);
    for (const reply of replies.filter(({ outcome }) => outcome !== 'ok')) {
      expect(reply).toMatchObject({
        statusCode: 1,
        statusMessage: 'Puppet is currently applying a catalog, cannot run now',
      });
    }
    expect(await data('status')).toMatchObject({ applying: true, status: 'applying a catalog' });
    await agent.stop();
    await writeFile(go, '');
    await eventually(async () => expect(await readFile(done, 'utf8')).toBe('done'), 90_000);
    await eventually(async () => expect(await data('status')).toMatchObject({ applying: false }), 60_000);
  });

  it.each([
    [{ server: 'puppet.example.com:8140' }, "Passing 'server' option is not allowed in module configuration"],
    [{ splaylimit: -1 }, "Invalid splaylimit '-1'"],
    [{ use_cached_catalog: true }, "Passing 'use_cached_catalog' means nothing here: the node applies a manifest"],
  ])('is refused with %j', async (inputs, statusMessage) => {
    expect(await ask('runonce', inputs)).toMatchObject({ outcome: 'failed', statusCode: 1, statusMessage });
  });
});

describe('a lock of Puppet', () => {
  const lock = () => puppet.at('var', 'state', 'agent_catalog_run.lock');

  it.each([
    ['of a process that has gone', '4194305'],
    ['of a process that is not Puppet', String(process.pid)],
    ['that says nothing', ''],
  ])('%s counts for nothing', async (_what, content) => {
    await writeFile(lock(), content);
    expect(await data('status')).toMatchObject({ applying: false });
    await rm(lock());
  });
});

describe('a resource', () => {
  const file = () => puppet.at("it's a $(file)");

  it('is brought into a state, with every value as it is', async () => {
    const asked = {
      type: 'file',
      name: file(),
      properties: { ensure: 'file', content: "a \\ 'b' ${c}\n", mode: '0640' },
    };
    expect(await data('resource', asked)).toEqual({
      changed: true,
      result: expect.stringContaining('ensure: defined content as') as string,
    });
    expect(await readFile(file(), 'utf8')).toBe("a \\ 'b' ${c}\n");
    expect((await stat(file())).mode & 0o777).toBe(0o640);
    expect(await data('resource', asked)).toEqual({ changed: false, result: 'no output produced' });
  });

  it('leaves what Puppet keeps of its runs alone', async () => {
    const before = await data('last_run_summary');
    await data('resource', { type: 'notify', name: 'hello' });
    expect({ ...(await data('last_run_summary')), since_lastrun: 0 }).toEqual({ ...before, since_lastrun: 0 });
  });

  it.each([
    [{ type: 'package', name: 'x' }, "Resources of the type Package are not allowed by this node's settings"],
    [{ type: 'file', name: '/etc/passwd' }, "The resource File[/etc/passwd] is not allowed by this node's settings"],
    [{ type: 'nosuch', name: 'x' }, /^Could not apply Nosuch\[x\]: .*Unknown resource type: 'nosuch'/],
    [{ type: 'file', name: 'not/absolute' }, /^Could not apply File\[not\/absolute\]: /],
    [{ type: 'file', name: '/x', properties: { 'a => b': 1 } }, "Invalid property 'a => b'"],
    [{ type: "file { '/x': }", name: 'x' }, /^Cannot validate input type/],
  ])('is refused: %j', async (inputs, reason) => {
    const reply = await ask('resource', inputs);
    expect(reply.outcome).not.toBe('ok');
    expect(reply.statusMessage).toMatch(reason);
  });

  it('that Puppet manages is left to it, unless the settings say otherwise', async () => {
    await writeFile(puppet.at('var', 'state', 'resources.txt'), `file[${file().toLowerCase()}]\n`);
    const asked = { type: 'File', name: file(), properties: { ensure: 'absent' } };
    expect(await ask('resource', asked)).toMatchObject({
      statusCode: 1,
      statusMessage: `Puppet is managing the resource 'File[${file()}]', refusing to create conflicting states`,
    });
    const bold = 'web3.example.com';
    await startNode(bold, { resource_types_denied: 'exec', resource_allow_managed_resources: true });
    expect(await data('resource', asked, bold)).toMatchObject({ changed: true });
    expect(await ask('resource', { ...asked, type: 'exec' }, bold)).toMatchObject({ outcome: 'failed' });
  });
});

describe('the daemon of Puppet', () => {
  let other: PuppetHome;
  let daemon: ChildProcess;
  const target = 'web4.example.com';
  const log = () => other.at('log', 'daemon.log');

  beforeAll(async () => {
    other = await createPuppetHome();
    // Its own folders are found by asking Puppet, through a program that counts how often it is asked.
    await writeFile(
      other.at('conf', 'puppet.conf'),
      `[main]\n${Object.entries(other.places)
        .filter(([name]) => name !== 'confdir')
        .map(([name, value]) => `${name} = ${value}\n`)
        .join('')}`,
    );
    await writeFile(other.at('counted'), `#!/bin/sh\necho "$*" >> '${other.at('asked')}'\nexec puppet "$@"\n`, {
      mode: 0o755,
    });
    const settings = { confdir: other.places['confdir'], command: [other.at('counted'), 'agent'] };
    await bench.start(target, {
      pluginSettings: { puppet: JSON.stringify({ ...settings, allow_server_override: true }) },
    });
    // It waits for a server that is not there, which is as idle as one between two runs.
    const options = ['--no-daemonize', '--server', 'localhost', '--masterport', '1', '--logdest', log(), '--verbose'];
    daemon = spawn('puppet', ['agent', '--confdir', other.at('conf'), ...options], { stdio: 'ignore' });
    await eventually(async () => expect(await isThere(other.at('run', 'agent.pid'))).toBe(true), 60_000);
  });
  beforeEach(() => expect(daemon.exitCode).toBeNull());
  afterAll(async () => {
    const ended = once(daemon, 'exit');
    daemon.kill('SIGKILL');
    await ended;
    await other.remove();
  });

  it('is seen; Puppet is asked once where its files are', async () => {
    for (let count = 0; count < 3; count++) {
      expect(await data('status', {}, target)).toMatchObject({
        daemon_present: true,
        idling: true,
        status: 'idling',
        message: 'Currently idling; no completed run is known',
      });
    }
    expect((await readFile(other.at('asked'), 'utf8')).trim().split('\n')).toEqual([
      expect.stringMatching(/^config print --section agent /) as string,
    ]);
  });

  it('is signalled instead of a run beside it, and takes no options', async () => {
    expect(await data('runonce', { force: true }, target)).toMatchObject({
      summary: 'Signalled the running Puppet Daemon',
    });
    await eventually(async () => expect(await readFile(log(), 'utf8')).toContain('Caught USR1'), 60_000);
    for (const inputs of [{ tags: 'a' }, { noop: true }, { server: 'puppet:8140' }]) {
      expect(await ask('runonce', inputs, target)).toMatchObject({
        statusCode: 1,
        statusMessage: 'Cannot specify any custom puppet options when the daemon is running',
      });
    }
  });
});
