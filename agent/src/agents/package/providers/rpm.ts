import { fail, ok } from '@muster/protocol/errors';
import {
  listBytes,
  type PackageDatabase,
  type PackageState,
  type ProviderName,
  type ProviderTools,
} from './provider.ts';

interface Row {
  readonly name: string;
  readonly epoch: number;
  readonly version: string;
  readonly release: string;
  readonly arch: string;
  readonly installedAt: number;
}

const format = '%{NAME}\\t%{EPOCH}\\t%{VERSION}\\t%{RELEASE}\\t%{ARCH}\\t%{INSTALLTIME}\\n';

/** rpm writes `(none)` for an epoch, or an architecture, that a package does not have. */
const parseRows = (stdout: string): readonly Row[] =>
  stdout.split('\n').flatMap((line) => {
    const [name, epoch, version, release, arch, time] = line.split('\t');
    if (name === undefined || version === undefined || release === undefined || arch === undefined) return [];
    return [{ name, epoch: Number(epoch) || 0, version, release, arch, installedAt: Number(time) || 0 }];
  });

/** A key that somebody trusts counts as a package for rpm, not for people. */
const isKey = ({ name }: Row): boolean => name === 'gpg-pubkey';

const fullVersion = ({ epoch, version, release }: Row): string =>
  `${epoch === 0 ? '' : `${epoch}:`}${version}-${release}`;

const describe = (row: Row): string => `${row.name}-${fullVersion(row)}.${row.arch}`;

function stateOf(asked: string, rows: readonly Row[], stdout: string, provider: ProviderName): PackageState {
  // Kernels are there in several versions: the one that came last counts.
  const row = [...rows].sort((a, b) => b.installedAt - a.installedAt)[0];
  if (row === undefined) {
    return { name: asked, presence: 'none', ensure: 'absent', provider, output: stdout.trim() };
  }
  const { name, epoch, version, release, arch } = row;
  const output = rows.map(describe).join('\n');
  return { name, presence: 'whole', ensure: fullVersion(row), epoch, version, release, arch, provider, output };
}

/** Whether a state is of that version, which may be given without epoch or release. */
export function isVersion({ epoch = 0, version = '', release = '' }: PackageState, wanted: string): boolean {
  const bare = wanted.startsWith(`${epoch}:`) ? wanted.slice(`${epoch}:`.length) : wanted;
  return bare === version || bare === `${version}-${release}`;
}

/** rpm's database, on behalf of a package manager above it. */
export function rpmDatabase(
  provider: ProviderName,
  { run, root }: Pick<ProviderTools, 'run' | 'root'>,
): PackageDatabase {
  const where = root === undefined ? [] : ['--root', root];
  const query = (args: readonly string[]) =>
    run('rpm', [...where, '--query', '--queryformat', format, ...args], { maxOutputBytes: listBytes });
  return {
    async status(name) {
      const { exitCode, stdout, stderr } = await query(['--', name]);
      const rows = parseRows(stdout);
      // The exit code counts the packages that are not there, and is 1 for errors too.
      if (exitCode !== 0 && !stdout.includes('is not installed')) {
        return fail('internal', `rpm failed: ${(stderr || stdout).trim()}`);
      }
      return ok(stateOf(name, rows, stdout, provider));
    },
    async list() {
      const { exitCode, stdout, stderr } = await query(['--all']);
      const rows = parseRows(stdout).filter((row) => !isKey(row));
      return { exitCode, lines: rows.map((row) => `${row.name} ${fullVersion(row)} ${row.arch}`), output: stderr };
    },
  };
}
