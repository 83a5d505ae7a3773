import { fail, ok } from '@muster/protocol/errors';
import { parseDnfTable } from './dnf-table.ts';
import { listBytes, type CommandEnd, type PackageProvider, type ProviderTools } from './provider.ts';
import { isVersion, rpmDatabase } from './rpm.ts';

/** What `check-update` ends with when there are updates. */
const updatesExitCode = 100;

/** Packages of the Red Hat family, by dnf, or by the older yum. dnf 5 does not know `--`: names do not begin with a dash. */
export function dnfProvider(program: 'dnf' | 'yum', tools: ProviderTools): PackageProvider {
  const { run, change, root } = tools;
  const database = rpmDatabase(program, tools);
  const everywhere = root === undefined ? [] : [`--installroot=${root}`];
  const alter = (command: string, ...args: readonly string[]): Promise<CommandEnd> =>
    change(program, [...everywhere, '-y', command, ...args]);
  const read = (args: readonly string[]) => run(program, [...everywhere, '-q', ...args], { maxOutputBytes: listBytes });

  async function installedVersions(): Promise<ReadonlyMap<string, string>> {
    const { lines } = await database.list();
    return new Map(
      lines.map((line) => {
        const [name = '', version = '', arch = ''] = line.split(' ');
        return [`${name}.${arch}`, version];
      }),
    );
  }

  return {
    name: program,
    isSuccess: (exitCode) => exitCode === 0,
    ...database,
    async install(name, version) {
      if (version === undefined) return ok(await alter('install', name));
      const end = await alter('install', `${name}-${version}`);
      if (end.exitCode !== 0) return ok(end);
      const now = await database.status(name);
      // yum leaves a newer version where it is.
      if (!now.ok || isVersion(now.value, version)) return ok(end);
      const down = await alter('downgrade', `${name}-${version}`);
      return ok({ ...down, output: `${end.output}${down.output}` });
    },
    update: (name) => alter(program === 'yum' ? 'update' : 'upgrade', name),
    uninstall: (name) => alter('remove', name),
    purge: (name) => alter('remove', name),
    refresh: () => alter('makecache'),
    async outdated() {
      const { exitCode, stdout, stderr } = await read(['check-update']);
      const isFailure = exitCode !== 0 && exitCode !== updatesExitCode;
      const found = isFailure ? [] : parseDnfTable(stdout);
      const installed = found.length === 0 ? new Map<string, string>() : await installedVersions();
      const packages = found.map(({ package: name, arch = '', version, repo }) => {
        const before = installed.get(`${name}.${arch}`);
        return { package: name, version, ...(before === undefined ? {} : { installed: before }), repo };
      });
      return { exitCode: exitCode ?? -1, output: `${stdout}${stderr}`, isFailure, packages };
    },
    async search(pattern) {
      const which = program === 'yum' ? ['available'] : ['--available'];
      const { exitCode, stdout, stderr } = await read(['list', ...which, '--showduplicates', pattern]);
      if (exitCode === 0) return ok(parseDnfTable(stdout));
      return /No matching packages|No match for argument/i.test(`${stdout}${stderr}`)
        ? ok([])
        : fail('internal', `${program} failed: ${stderr.trim()}`);
    },
    clean: (mode) => alter('clean', mode),
  };
}
