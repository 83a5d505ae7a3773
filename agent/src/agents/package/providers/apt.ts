import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { dpkgDatabase } from './dpkg.ts';
import { fitsGlob, isGlob } from './glob.ts';
import {
  listBytes,
  type AvailablePackage,
  type CommandEnd,
  type OutdatedPackage,
  type PackageProvider,
  type ProviderTools,
} from './provider.ts';

/** Nothing may ask: there is nobody to answer. */
const environment = {
  DEBIAN_FRONTEND: 'noninteractive',
  APT_LISTCHANGES_FRONTEND: 'none',
  UCF_FORCE_CONFFOLD: '1',
};

const option = (name: string, value: string): readonly string[] => ['-o', `${name}=${value}`];

/** Makes apt work on another root directory, with that root's own sources and database. */
const rootOptions = (root: string | undefined): readonly string[] =>
  root === undefined
    ? []
    : [
        ...option('Dir', root),
        ...option('Dir::State::status', join(root, 'var/lib/dpkg/status')),
        ...option('DPkg::Options::', `--root=${root}`),
      ];

/** `Inst NAME [INSTALLED] (CANDIDATE REPOS [ARCH])`; without what is installed, the package would be a new one. */
const outdatedLine = /^Inst (\S+) \[([^\]]+)\] \((\S+) (.*?)(?: \[\S+\])?\)/;

/** Reads what `apt-get --simulate dist-upgrade` would do. */
export const parseUpgrades = (stdout: string): readonly OutdatedPackage[] =>
  stdout.split('\n').flatMap((line) => {
    const [, name, installed, version, repo] = outdatedLine.exec(line) ?? [];
    return name === undefined || installed === undefined || version === undefined
      ? []
      : [{ package: name, version, installed, repo: repo ?? '' }];
  });

/** Reads `apt-cache madison`: `NAME | VERSION | URI SUITE ARCH Packages`. Sources are left out. */
export const parseMadison = (stdout: string): readonly AvailablePackage[] =>
  stdout.split('\n').flatMap((line) => {
    const [name, version, from] = line.split(' | ').map((cell) => cell.trim());
    const [, repo, arch] = /^(.*) (\S+) Packages$/.exec(from ?? '') ?? [];
    return name === undefined || version === undefined || repo === undefined || arch === undefined
      ? []
      : [{ package: name, version, arch, repo }];
  });

const listsAreLocked = (output: string): boolean => /Could not get lock \S*\/lists\/lock/.test(output);

/** Debian's packages, by apt-get, apt-cache and dpkg-query. */
export function aptProvider(tools: ProviderTools): PackageProvider {
  const { run, change, root, lockSeconds, signal } = tools;
  const database = dpkgDatabase(tools);
  const everywhere = rootOptions(root);

  const alter = (command: string, args: readonly string[]): Promise<CommandEnd> => {
    const options = [
      '--quiet',
      '--yes',
      ...option('Dpkg::Options::', '--force-confdef'),
      ...option('Dpkg::Options::', '--force-confold'),
      ...option('DPkg::Lock::Timeout', String(lockSeconds)),
      ...option('Dpkg::Use-Pty', '0'),
      // No name is to be taken for a pattern.
      ...option('APT::Cmd::Pattern-Only', 'true'),
      ...everywhere,
    ];
    return change('apt-get', [command, ...options, ...args], environment);
  };

  async function versionsOf(names: readonly string[]): Promise<Result<readonly AvailablePackage[]>> {
    const { exitCode, stdout, stderr } = await run('apt-cache', ['madison', ...everywhere, '--', ...names], {
      maxOutputBytes: listBytes,
    });
    return exitCode === 0 ? ok(parseMadison(stdout)) : fail('internal', `apt-cache failed: ${stderr.trim()}`);
  }

  async function namesLike(pattern: string): Promise<Result<readonly string[]>> {
    const { exitCode, stdout, stderr } = await run('apt-cache', ['pkgnames', ...everywhere], {
      maxOutputBytes: listBytes,
    });
    if (exitCode !== 0) return fail('internal', `apt-cache failed: ${stderr.trim()}`);
    return ok(stdout.split('\n').filter((name) => name !== '' && fitsGlob(pattern, name)));
  }

  return {
    name: 'apt',
    isSuccess: (exitCode) => exitCode === 0,
    ...database,
    async install(name, version) {
      const known = await versionsOf([name]);
      if (!known.ok) return known;
      const versions = [...new Set(known.value.map((found) => found.version))];
      if (versions.length === 0) return fail('internal', `No package '${name}' is available`);
      if (version === undefined) return ok(await alter('install', ['--', name]));
      if (!versions.includes(version)) {
        return fail('internal', `${name} is not available in version ${version}, only in ${versions.join(', ')}`);
      }
      return ok(await alter('install', ['--allow-downgrades', '--', `${name}=${version}`]));
    },
    update: (name) => alter('install', ['--only-upgrade', '--', name]),
    uninstall: (name) => alter('remove', ['--', name]),
    purge: (name) => alter('purge', ['--', name]),
    async refresh() {
      // apt-get waits for dpkg's lock by itself, not for that of the lists.
      for (let waits = 0; ; waits++) {
        const end = await alter('update', option('APT::Update::Error-Mode', 'any'));
        if (!listsAreLocked(end.output) || waits >= lockSeconds) return end;
        await pause(1000, undefined, { signal });
      }
    },
    async outdated() {
      const { exitCode, stdout, stderr } = await run(
        'apt-get',
        ['dist-upgrade', '--simulate', '--quiet', ...option('Debug::NoLocking', 'true'), ...everywhere],
        { maxOutputBytes: listBytes, environment },
      );
      const packages = parseUpgrades(stdout);
      return { exitCode: exitCode ?? -1, output: `${stdout}${stderr}`, isFailure: exitCode !== 0, packages };
    },
    async search(pattern) {
      const names = isGlob(pattern) ? await namesLike(pattern) : ok([pattern]);
      if (!names.ok) return names;
      const all: AvailablePackage[] = [];
      // Command lines are not endless.
      for (let from = 0; from < names.value.length; from += 2000) {
        const found = await versionsOf(names.value.slice(from, from + 2000));
        if (!found.ok) return found;
        all.push(...found.value);
      }
      return ok(all);
    },
  };
}
