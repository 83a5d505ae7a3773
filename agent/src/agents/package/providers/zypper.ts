import { fail, ok } from '@muster/protocol/errors';
import { isGlob } from './glob.ts';
import { listBytes, type CommandEnd, type PackageProvider, type ProviderTools } from './provider.ts';
import { rpmDatabase } from './rpm.ts';

/** What zypper ends with when it did as asked and has something to add: reboot, restart, or a repository was left out. */
const successes: ReadonlySet<number> = new Set([0, 102, 103, 106]);

const nothingFound = 104;

/** Reads zypper's tables: a line of headings, a line of dashes, a line for each row, with `|` between the columns. */
export function parseZypperTable(stdout: string): readonly Readonly<Record<string, string>>[] {
  const lines = stdout.split('\n');
  const rule = lines.findIndex((line) => /^-+(\+-+)+$/.test(line.trim()));
  const cells = (line: string): readonly string[] => line.split('|').map((cell) => cell.trim());
  const headings = cells(lines[rule - 1] ?? '');
  return lines
    .slice(rule + 1)
    .filter((line) => rule > 0 && line.includes('|'))
    .map((line) => Object.fromEntries(cells(line).map((cell, index) => [headings[index] ?? '', cell])));
}

/** Packages of the SUSE family. */
export function zypperProvider(tools: ProviderTools): PackageProvider {
  const { run, change, root, lockSeconds } = tools;
  const everywhere = ['--non-interactive', ...(root === undefined ? [] : ['--root', root])];
  const environment = { ZYPP_LOCK_TIMEOUT: String(lockSeconds) };
  const alter = (command: string, ...args: readonly string[]): Promise<CommandEnd> =>
    change('zypper', [...everywhere, command, ...args], environment);
  const read = (args: readonly string[]) =>
    run('zypper', [...everywhere, '--quiet', ...args], { maxOutputBytes: listBytes, environment });
  const install = (...args: readonly string[]) => alter('install', '--auto-agree-with-licenses', '--name', ...args);

  return {
    name: 'zypper',
    isSuccess: (exitCode) => successes.has(exitCode),
    ...rpmDatabase('zypper', tools),
    install: async (name, version) =>
      ok(await (version === undefined ? install('--', name) : install('--oldpackage', '--', `${name}=${version}`))),
    update: (name) => alter('update', '--auto-agree-with-licenses', '--', name),
    uninstall: (name) => alter('remove', '--', name),
    purge: (name) => alter('remove', '--', name),
    refresh: () => alter('refresh'),
    async outdated() {
      const { exitCode, stdout, stderr } = await read(['list-updates']);
      const packages = parseZypperTable(stdout).map((row) => ({
        package: row['Name'] ?? '',
        version: row['Available Version'] ?? '',
        installed: row['Current Version'] ?? '',
        repo: row['Repository'] ?? '',
      }));
      const isFailure = exitCode === null || !successes.has(exitCode);
      return { exitCode: exitCode ?? -1, output: `${stdout}${stderr}`, isFailure, packages };
    },
    async search(pattern) {
      const exact = isGlob(pattern) ? [] : ['--match-exact'];
      const { exitCode, stdout, stderr } = await read([
        'search',
        '--details',
        ...exact,
        '--type',
        'package',
        '--',
        pattern,
      ]);
      if (exitCode === nothingFound) return ok([]);
      if (exitCode === null || !successes.has(exitCode)) return fail('internal', `zypper failed: ${stderr.trim()}`);
      const rows = parseZypperTable(stdout).filter((row) => row['Repository'] !== '(System Packages)');
      return ok(
        rows.map((row) => ({
          package: row['Name'] ?? '',
          version: row['Version'] ?? '',
          arch: row['Arch'] ?? '',
          repo: row['Repository'] ?? '',
        })),
      );
    },
  };
}
