import { describe, expect, it } from 'vitest';
import { recordedCommands, type Recorded } from '../../../../../test/support/agent/recorded-commands.ts';
import { createProvider, type ProviderTools } from './index.ts';
import type { ProviderName } from './provider.ts';

// These records were written after what rpm, dnf, yum and zypper print; no machine of those families was at hand. apt and dpkg
// are tried for real, in test/integration/agents.

const format = '%{NAME}\\t%{EPOCH}\\t%{VERSION}\\t%{RELEASE}\\t%{ARCH}\\t%{INSTALLTIME}\\n';
const query = (what: string, root = '') => `rpm ${root}--query --queryformat ${format} ${what}`;

const bash: Recorded = { command: query('-- bash'), stdout: 'bash\t(none)\t5.1.8\t9.el9\tx86_64\t1700000000\n' };
const absent: Recorded = {
  command: query('-- nosuch'),
  exitCode: 1,
  stdout: 'package nosuch is not installed\n',
};
const all: Recorded = {
  command: query('--all'),
  stdout: `gpg-pubkey\t(none)\t8483c65d\t5ccc5b19\t(none)\t1700000000
bash\t(none)\t5.1.8\t9.el9\tx86_64\t1700000000
bind-utils\t32\t9.16.23\t15.el9\tx86_64\t1700000001
`,
};

function providerOn(name: ProviderName, records: readonly Recorded[], more: Partial<ProviderTools> = {}) {
  const { run, change, lines } = recordedCommands(records);
  const signal = new AbortController().signal;
  return { lines, provider: createProvider(name, { run, change, root: undefined, lockSeconds: 120, signal, ...more }) };
}

describe.each(['dnf', 'yum', 'zypper'] as const)('what %s has of a package, by rpm', (name) => {
  it('is its version in parts', async () => {
    const { provider } = providerOn(name, [bash]);
    expect(await provider.status('bash')).toEqual({
      ok: true,
      value: {
        name: 'bash',
        presence: 'whole',
        ensure: '5.1.8-9.el9',
        epoch: 0,
        version: '5.1.8',
        release: '9.el9',
        arch: 'x86_64',
        provider: name,
        output: 'bash-5.1.8-9.el9.x86_64',
      },
    });
  });

  it('has its epoch before the version', async () => {
    const stdout = 'bind-utils\t32\t9.16.23\t15.el9\tx86_64\t1700000001\n';
    const { provider } = providerOn(name, [{ command: query('-- bind-utils'), stdout }]);
    expect(await provider.status('bind-utils')).toMatchObject({ value: { ensure: '32:9.16.23-15.el9', epoch: 32 } });
  });

  it('is what came last where there are several', async () => {
    const stdout = `kernel\t(none)\t5.14.0\t427.el9\tx86_64\t1720000000
kernel\t(none)\t5.14.0\t362.el9\tx86_64\t1700000000
`;
    const { provider } = providerOn(name, [{ command: query('-- kernel'), stdout }]);
    expect(await provider.status('kernel')).toMatchObject({
      value: { ensure: '5.14.0-427.el9', output: 'kernel-5.14.0-427.el9.x86_64\nkernel-5.14.0-362.el9.x86_64' },
    });
  });

  it('is nothing where it is not installed', async () => {
    const { provider } = providerOn(name, [absent]);
    expect(await provider.status('nosuch')).toEqual({
      ok: true,
      value: {
        name: 'nosuch',
        presence: 'none',
        ensure: 'absent',
        provider: name,
        output: 'package nosuch is not installed',
      },
    });
  });

  it('is not known where the database is broken', async () => {
    const stderr = 'error: cannot open Packages database in /var/lib/rpm\n';
    const { provider } = providerOn(name, [{ command: query('-- bash'), exitCode: 1, stderr }]);
    expect(await provider.status('bash')).toMatchObject({
      ok: false,
      error: { message: 'rpm failed: error: cannot open Packages database in /var/lib/rpm' },
    });
  });

  it('stands in a list without trusted keys', async () => {
    const { provider } = providerOn(name, [all]);
    expect(await provider.list()).toEqual({
      exitCode: 0,
      lines: ['bash 5.1.8-9.el9 x86_64', 'bind-utils 32:9.16.23-15.el9 x86_64'],
      output: '',
    });
  });

  it('is looked for in another root directory', async () => {
    const { provider } = providerOn(name, [{ ...bash, command: query('-- bash', '--root /srv/image ') }], {
      root: '/srv/image',
    });
    expect(await provider.status('bash')).toMatchObject({ ok: true });
  });
});

describe.each(['dnf', 'yum'] as const)('%s', (name) => {
  const done = (command: string, stdout = ''): Recorded => ({ command, stdout });

  it('is told what to do', async () => {
    const { provider, lines } = providerOn(
      name,
      [
        `${name} -y install bash`,
        `${name} -y ${name === 'yum' ? 'update' : 'upgrade'} bash`,
        `${name} -y remove bash`,
        `${name} -y makecache`,
        `${name} -y clean metadata`,
      ].map((line) => done(line)),
    );
    await provider.install('bash', undefined);
    await provider.update('bash');
    await provider.uninstall('bash');
    await provider.purge('bash');
    await provider.refresh();
    await provider.clean?.('metadata');
    expect(lines).toHaveLength(6);
    expect([0, 1, 100].map((code) => provider.isSuccess(code))).toEqual([true, false, false]);
  });

  it('works on another root directory', async () => {
    const { provider } = providerOn(name, [done(`${name} --installroot=/srv/image -y install bash`)], {
      root: '/srv/image',
    });
    expect(await provider.install('bash', undefined)).toMatchObject({ value: { exitCode: 0 } });
  });

  it.each([
    ['5.1.8-9.el9', ['install']],
    ['0:5.1.8-9.el9', ['install']],
    ['5.1.8', ['install']],
    ['5.1.4-1.el9', ['install', 'downgrade']],
  ])('goes to version %s, down if it must', async (version, commands) => {
    const { provider, lines } = providerOn(name, [
      bash,
      done(`${name} -y install bash-${version}`, 'Nothing to do.\n'),
      done(`${name} -y downgrade bash-${version}`, 'Downgraded:\n'),
    ]);
    expect(await provider.install('bash', version)).toMatchObject({ ok: true, value: { exitCode: 0 } });
    expect(lines.filter((line) => line.startsWith(name))).toEqual(
      commands.map((command) => `${name} -y ${command} bash-${version}`),
    );
  });

  it('tells what could be updated, also in columns that do not fit, and not what replaces what', async () => {
    const stdout = `
bash.x86_64                            5.1.8-10.el9                        baseos
bind-utils.x86_64                      32:9.16.23-18.el9_4.1               appstream
python3-policycoreutils-with-a-very-long-name.noarch
                                       3.6-2.1.el9                         appstream
some-package.x86_64                    1.2.3-20240801120000.git1234567890abcdef.el9
                                                                           epel
Obsoleting Packages
grub2-tools.x86_64                     1:2.06-82.el9                       baseos
    grub2-tools.x86_64                 1:2.06-80.el9                       @baseos
`;
    const { provider } = providerOn(name, [{ command: `${name} -q check-update`, exitCode: 100, stdout }, all]);
    expect(await provider.outdated()).toEqual({
      exitCode: 100,
      output: stdout,
      isFailure: false,
      packages: [
        { package: 'bash', version: '5.1.8-10.el9', installed: '5.1.8-9.el9', repo: 'baseos' },
        { package: 'bind-utils', version: '32:9.16.23-18.el9_4.1', installed: '32:9.16.23-15.el9', repo: 'appstream' },
        { package: 'python3-policycoreutils-with-a-very-long-name', version: '3.6-2.1.el9', repo: 'appstream' },
        { package: 'some-package', version: '1.2.3-20240801120000.git1234567890abcdef.el9', repo: 'epel' },
      ],
    });
  });

  it('tells that nothing could be updated, and that it cannot tell', async () => {
    const command = `${name} -q check-update`;
    expect(await providerOn(name, [{ command }]).provider.outdated()).toMatchObject({ exitCode: 0, packages: [] });
    const stderr = "Error: Failed to download metadata for repo 'baseos'\n";
    const { provider } = providerOn(name, [{ command, exitCode: 1, stderr }]);
    expect(await provider.outdated()).toEqual({ exitCode: 1, output: stderr, isFailure: true, packages: [] });
  });

  it('finds packages', async () => {
    const list = name === 'yum' ? 'list available --showduplicates' : 'list --available --showduplicates';
    const stdout = `Last metadata expiration check: 0:12:34 ago on Tue 03 Sep 2024 10:00:00 AM UTC.
Available Packages
nginx.x86_64                       1:1.20.1-14.el9_2.1                       appstream
nginx.x86_64                       1:1.20.1-16.el9_4.1                       appstream
`;
    const stderr = 'Error: No matching Packages to list\n';
    const { provider } = providerOn(name, [
      { command: `${name} -q ${list} nginx*`, stdout },
      { command: `${name} -q ${list} nosuch`, exitCode: 1, stderr },
      { command: `${name} -q ${list} down`, exitCode: 1, stderr: 'Error: Cannot download repomd.xml\n' },
    ]);
    expect(await provider.search('nginx*')).toMatchObject({
      value: [
        { package: 'nginx', version: '1:1.20.1-14.el9_2.1', arch: 'x86_64', repo: 'appstream' },
        { package: 'nginx', version: '1:1.20.1-16.el9_4.1', arch: 'x86_64', repo: 'appstream' },
      ],
    });
    expect(await provider.search('nosuch')).toEqual({ ok: true, value: [] });
    expect(await provider.search('down')).toMatchObject({
      error: { message: `${name} failed: Error: Cannot download repomd.xml` },
    });
  });
});

describe('zypper', () => {
  it('is told what to do', async () => {
    const commands = [
      'install --auto-agree-with-licenses --name -- bash',
      'install --auto-agree-with-licenses --name --oldpackage -- bash=4.4-150400.25.22',
      'update --auto-agree-with-licenses -- bash',
      'remove -- bash',
      'refresh',
    ].map((line): Recorded => ({ command: `zypper --non-interactive --root /srv/image ${line}` }));
    const { provider, lines } = providerOn('zypper', commands, { root: '/srv/image' });
    await provider.install('bash', undefined);
    await provider.install('bash', '4.4-150400.25.22');
    await provider.update('bash');
    await provider.uninstall('bash');
    await provider.purge('bash');
    await provider.refresh();
    expect(lines).toHaveLength(6);
    // Reboot and restart suggested, a repository left out; error in use, not found, script failed.
    expect([0, 102, 103, 106, 4, 104, 107].map((code) => provider.isSuccess(code))).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it('tells what could be updated', async () => {
    const stdout = `Loading repository data...
Reading installed packages...
S | Repository             | Name        | Current Version      | Available Version    | Arch
--+------------------------+-------------+----------------------+----------------------+-------
v | Main Update Repository | curl        | 8.0.1-150400.5.41.1  | 8.0.1-150400.5.44.1  | x86_64
v | Main Update Repository | bind-utils  | 9.16.50-150500.8.18  | 9.16.50-150500.8.21  | x86_64
`;
    const command = 'zypper --non-interactive --quiet list-updates';
    const { provider } = providerOn('zypper', [{ command, stdout }]);
    const repo = 'Main Update Repository';
    expect(await provider.outdated()).toEqual({
      exitCode: 0,
      output: stdout,
      isFailure: false,
      packages: [
        { package: 'curl', version: '8.0.1-150400.5.44.1', installed: '8.0.1-150400.5.41.1', repo },
        { package: 'bind-utils', version: '9.16.50-150500.8.21', installed: '9.16.50-150500.8.18', repo },
      ],
    });
    const none = providerOn('zypper', [{ command, stdout: 'No updates found.\n' }]);
    expect(await none.provider.outdated()).toMatchObject({ isFailure: false, packages: [] });
    const locked = 'System management is locked by the application with pid 4711 (zypper).\n';
    const busy = providerOn('zypper', [{ command, exitCode: 7, stderr: locked }]);
    expect(await busy.provider.outdated()).toEqual({ exitCode: 7, output: locked, isFailure: true, packages: [] });
  });

  it('finds packages, of which those that are installed do not count', async () => {
    const search = 'zypper --non-interactive --quiet search --details';
    const stdout = `
S  | Name  | Type    | Version              | Arch   | Repository
---+-------+---------+----------------------+--------+-----------------------
i+ | nginx | package | 1.21.5-150400.3.3.1  | x86_64 | (System Packages)
v  | nginx | package | 1.21.5-150400.3.6.1  | x86_64 | Main Update Repository
`;
    const { provider } = providerOn('zypper', [
      { command: `${search} --match-exact --type package -- nginx`, stdout },
      { command: `${search} --type package -- nosuch*`, exitCode: 104, stdout: 'No matching items found.\n' },
      { command: `${search} --match-exact --type package -- down`, exitCode: 4, stderr: 'Problem retrieving files\n' },
    ]);
    expect(await provider.search('nginx')).toEqual({
      ok: true,
      value: [{ package: 'nginx', version: '1.21.5-150400.3.6.1', arch: 'x86_64', repo: 'Main Update Repository' }],
    });
    expect(await provider.search('nosuch*')).toEqual({ ok: true, value: [] });
    expect(await provider.search('down')).toMatchObject({
      error: { message: 'zypper failed: Problem retrieving files' },
    });
  });
});
