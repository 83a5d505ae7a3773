import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { shippedAgents } from '@muster/agent/agents';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAgentBench, type AgentBench } from '../../support/agent/agent-bench.ts';
import { describeInjections } from '../../support/agent/injections.ts';
import { buildPackage, makePackageRoot, offerPackages } from '../../support/agent/trial-packages.ts';
import { createUncheckedAgent, type UncheckedAgent } from '../../support/agent/unchecked-agent.ts';

const run = promisify(execFile);

const [web, image] = ['web1.example.com', 'image.example.com'];
const trial = 'muster-trial';
const isRoot = process.getuid?.() === 0;
/** apt reads its lists for each answer, and a busy machine is slow at it. */
const unhurried = 400_000;

let bench: AgentBench;
let folder: string;
let root: string;
let unchecked: UncheckedAgent;

const packageAgent = shippedAgents.find(({ ddl }) => ddl.name === 'package');
if (packageAgent === undefined) throw new Error('there is no agent package');
const { ddl } = packageAgent;

beforeAll(async () => {
  bench = await createAgentBench();
  folder = await mkdtemp(join(tmpdir(), 'muster-packages-'));
  root = join(folder, 'root');
  const repository = join(folder, 'repository');
  const configuration = 'etc/muster-trial.conf';
  await makePackageRoot(root);
  await buildPackage(repository, { name: trial, version: '1.0-1', configuration });
  await buildPackage(repository, { name: trial, version: '1:2.0~rc1-3', configuration });
  await buildPackage(repository, { name: 'muster-native', version: '7' });
  // The root has no shell to run it with, so that it fails.
  await buildPackage(repository, { name: 'muster-broken', version: '1.0', postinst: '#!/bin/sh\n' });
  await offerPackages(root, repository);
  const settings = { root };
  await bench.start(image, { pluginSettings: { package: JSON.stringify(settings) } });
  await bench.start(web);
  unchecked = await createUncheckedAgent(packageAgent, settings);
});
afterAll(async () => {
  await unchecked.close();
  await bench.close();
  await rm(folder, { recursive: true, force: true });
});

const ask = (node: string, action: string, inputs: Record<string, string> = {}) =>
  bench.asker.ask(node, { agent: 'package', action, inputs });
const has = async (node: string, name: string) => {
  const { data } = await bench.asker.ask(node, {
    agent: 'rpcutil',
    action: 'get_data',
    inputs: { source: 'package', query: name },
  });
  return data;
};

describe.skipIf(!isRoot)('package, on a root directory (as root: dpkg changes to it)', () => {
  const newer = { name: trial, ensure: '1:2.0~rc1-3', epoch: 1, version: '2.0~rc1', release: '3' };
  const of = (action: string, inputs: Record<string, string> = { package: trial }) => ask(image, action, inputs);

  it('refreshes what there is to install, and finds it', async () => {
    expect(await of('refresh', {})).toMatchObject({ outcome: 'ok', data: { exitcode: 0 } });
    expect(await of('search')).toMatchObject({
      outcome: 'ok',
      data: {
        package_count: 2,
        available_packages: [
          { package: trial, version: '1:2.0~rc1-3', repo: expect.stringContaining('repository') as string },
          { package: trial, version: '1.0-1' },
        ],
      },
    });
    expect(await of('search', { package: 'muster-*' })).toMatchObject({ data: { package_count: 4 } });
    expect(await of('search', { package: 'nosuch' })).toMatchObject({
      outcome: 'ok',
      data: { package_count: 0, available_packages: [] },
    });
  });

  it('tells of a package that is not there, and neither updates nor removes it', async () => {
    expect(await of('status')).toMatchObject({
      outcome: 'ok',
      data: { name: trial, ensure: 'absent', provider: 'apt' },
    });
    for (const action of ['update', 'uninstall', 'purge']) {
      expect(await of(action)).toMatchObject({
        outcome: 'failed',
        statusCode: 1,
        statusMessage: 'Package is not present on the system',
        data: { name: trial, ensure: 'absent' },
      });
    }
    expect(await has(image, trial)).toEqual({ status: 'absent', installed: false });
  });

  it('says which packages and versions there are not', async () => {
    expect(await of('install', { package: 'nosuch' })).toMatchObject({
      statusCode: 1,
      statusMessage: "No package 'nosuch' is available",
      data: { ensure: 'absent' },
    });
    expect(await of('install', { package: trial, version: '3' })).toMatchObject({
      statusCode: 1,
      statusMessage: 'muster-trial is not available in version 3, only in 1:2.0~rc1-3, 1.0-1',
    });
  });

  it('installs a version, and not once more', async () => {
    const installed = { name: trial, ensure: '1.0-1', epoch: 0, version: '1.0', release: '1', arch: 'all' };
    const reply = await of('install', { package: trial, version: '1.0-1' });
    expect(reply).toMatchObject({ outcome: 'ok', data: { ...installed, provider: 'apt' } });
    expect(reply.data['output']).toMatch(/Setting up muster-trial \(1\.0-1\)/);
    expect(await of('install')).toMatchObject({
      statusCode: 1,
      statusMessage: 'Package is already installed',
      data: installed,
    });
    expect(await of('install', { package: trial, version: '1.0-1' })).toMatchObject({ outcome: 'ok', data: installed });
    expect(await has(image, trial)).toEqual({ status: '1.0-1', installed: true });
  });

  it('tells what could be updated', async () => {
    const outdated = [{ package: trial, version: '1:2.0~rc1-3', installed: '1.0-1', repo: 'localhost' }];
    for (const action of ['checkupdates', 'apt_checkupdates', 'apt_update']) {
      expect(await of(action, {})).toMatchObject({
        outcome: 'ok',
        data: { exitcode: 0, outdated_packages: outdated, output: expect.stringMatching(/\w/) as string },
      });
    }
    expect((await of('checkupdates', {})).data['package_manager']).toBe('apt');
  });

  it('counts packages, and digests which they are', async () => {
    expect(await of('count', {})).toMatchObject({ outcome: 'ok', data: { output: 1, exitcode: 0 } });
    const output = createHash('md5').update(`${trial} 1.0-1 all\n`).digest('hex');
    expect(await of('md5', {})).toMatchObject({ outcome: 'ok', data: { output, exitcode: 0 } });
  });

  it('updates, goes back, and updates again', async () => {
    expect(await of('update')).toMatchObject({ outcome: 'ok', data: newer });
    expect(await of('checkupdates', {})).toMatchObject({ data: { outdated_packages: [] } });
    expect(await of('install', { package: trial, version: '1.0-1' })).toMatchObject({ data: { ensure: '1.0-1' } });
    expect(await of('update')).toMatchObject({ outcome: 'ok', data: newer });
  });

  it('keeps the configuration of what is uninstalled until it is purged', async () => {
    expect(await of('uninstall')).toMatchObject({ outcome: 'ok', data: { ensure: 'absent' } });
    expect(await of('count', {})).toMatchObject({ data: { output: 0 } });
    expect(await of('uninstall')).toMatchObject({ statusMessage: 'Package is not present on the system' });
    expect((await of('status')).data['output']).toMatch(/config-files$/);
    expect(await of('purge')).toMatchObject({ outcome: 'ok', data: { ensure: 'absent' } });
    expect(await of('purge')).toMatchObject({ statusMessage: 'Package is not present on the system' });
  });

  it('installs versions without a revision', async () => {
    const { data } = await of('install', { package: 'muster-native' });
    expect(data).toMatchObject({ ensure: '7', version: '7', epoch: 0 });
    expect(data).not.toHaveProperty('release');
    expect(await of('purge', { package: 'muster-native' })).toMatchObject({ outcome: 'ok' });
  });

  it('tells why a package cannot be set up, and that it is broken', async () => {
    const reply = await of('install', { package: 'muster-broken' });
    expect(reply).toMatchObject({ outcome: 'failed', statusCode: 1, data: { ensure: 'half-configured' } });
    expect(reply.statusMessage).toMatch(/^apt failed with exit code 100: /);
    expect(await has(image, 'muster-broken')).toEqual({ status: 'half-configured', installed: false });
    expect(await of('purge', { package: 'muster-broken' })).toMatchObject({
      outcome: 'ok',
      data: { ensure: 'absent' },
    });
  });

  it.each(['yum_clean', 'yum_checkupdates'])('does no %s', async (action) => {
    expect(await of(action, {})).toMatchObject({
      statusCode: 1,
      statusMessage: "This node's packages are looked after by apt, not by yum or dnf",
    });
  });

  // apt-get would take the first for an order to remove the package, the others for patterns.
  it.each([`${trial}-`, '--force', 'muster-.*', 'a b', '-y'])('takes %j for no package', async (name) => {
    for (const action of ['install', 'uninstall', 'status']) {
      expect(await of(action, { package: name })).toMatchObject({ outcome: 'invalid' });
    }
  });

  it('does not take a name for a pattern', async () => {
    expect(await of('install', { package: 'muster.trial' })).toMatchObject({
      statusMessage: "No package 'muster.trial' is available",
    });
  });
});

describeInjections('a node with packages', {
  ddl,
  ask: (action, inputs) =>
    bench.asker.ask(image, { agent: 'package', action, inputs: inputs as Record<string, string> }),
  harmless: { package: 'nosuch', version: '1.0' },
});

describeInjections('the agent package without the checks of its DDL', {
  ddl,
  ask: (action, inputs) => unchecked.perform(action, inputs),
  harmless: { package: 'nosuch', version: '1.0' },
  attacks: 'few',
});

describe('package, on this machine', () => {
  const dpkgRows = async () =>
    (await run('dpkg-query', ['-W', '-f', '${db:Status-Abbrev}|${Package} ${Version} ${Architecture}\n'])).stdout
      .split('\n')
      .flatMap((line) => (line.startsWith('ii |') ? [line.slice(4)] : []));

  it('tells of a package that every Debian has', async () => {
    const { stdout } = await run('dpkg-query', ['-W', '-f', '${Version}', 'dpkg']);
    expect(await ask(web, 'status', { package: 'dpkg' })).toMatchObject({ outcome: 'ok', data: { ensure: stdout } });
    expect(await has(web, 'dpkg')).toEqual({ status: stdout, installed: true });
    expect(await ask(web, 'install', { package: 'dpkg' })).toMatchObject({
      statusMessage: 'Package is already installed',
    });
  });

  it('counts and digests what dpkg has', async () => {
    const rows = await dpkgRows();
    expect(rows.length).toBeGreaterThan(50);
    expect(await ask(web, 'count')).toMatchObject({ data: { output: rows.length, exitcode: 0 } });
    const sorted = rows.map((row) => Buffer.from(`${row}\n`)).sort((a, b) => a.compare(b));
    const output = createHash('md5').update(Buffer.concat(sorted)).digest('hex');
    expect(await ask(web, 'md5')).toMatchObject({ data: { output, exitcode: 0 } });
  });

  it.skipIf(!isRoot)(
    "reads Debian's mirror (as root: apt writes its lists)",
    async () => {
      expect(await ask(web, 'apt_update')).toMatchObject({ outcome: 'ok', data: { exitcode: 0 } });
      expect(await ask(web, 'refresh')).toMatchObject({ outcome: 'ok', data: { exitcode: 0 } });
      const { outcome, data } = await ask(web, 'checkupdates');
      expect({ outcome, manager: data['package_manager'] }).toEqual({ outcome: 'ok', manager: 'apt' });
      const { stdout } = await run('apt-get', ['-s', '-o', 'Debug::NoLocking=1', 'dist-upgrade']);
      expect(data['outdated_packages']).toHaveLength(stdout.match(/^Inst \S+ \[/gm)?.length ?? 0);
    },
    unhurried,
  );

  it.skipIf(!isRoot)(
    "installs and purges a small package of Debian's (as root)",
    async () => {
      const candidates = await Promise.all(
        ['hello', 'sl', 'cowsay'].map(async (name) => ((await has(web, name))['installed'] === false ? [name] : [])),
      );
      const [name = ''] = candidates.flat();
      expect(name).not.toBe('');
      const before = await dpkgRows();
      const { data } = await ask(web, 'search', { package: name });
      const [{ version } = {}] = data['available_packages'] as { version?: string }[];
      try {
        expect(await ask(web, 'install', { package: name })).toMatchObject({
          outcome: 'ok',
          data: { name, ensure: version, provider: 'apt' },
        });
        expect(await dpkgRows()).toContainEqual(expect.stringMatching(`^${name} `));
        expect(await has(web, name)).toEqual({ status: version, installed: true });
      } finally {
        expect(await ask(web, 'purge', { package: name })).toMatchObject({ outcome: 'ok', data: { ensure: 'absent' } });
      }
      expect(await dpkgRows()).toEqual(before);
    },
    unhurried,
  );
});
