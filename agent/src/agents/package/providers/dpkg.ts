import { join } from 'node:path';
import { fail, ok } from '@muster/protocol/errors';
import { listBytes, type PackageDatabase, type PackageState, type Presence, type ProviderTools } from './provider.ts';
import { versionParts } from './version-parts.ts';

/** What dpkg calls the states of a package, as far as they are not broken ones. */
const presences: ReadonlyMap<string, Presence> = new Map([
  ['installed', 'whole'],
  ['triggers-awaited', 'whole'],
  ['triggers-pending', 'whole'],
  ['config-files', 'configuration'],
  ['not-installed', 'none'],
]);

const presenceOf = (word: string): Presence => presences.get(word) ?? 'broken';

interface Row {
  readonly name: string;
  readonly word: string;
  readonly version: string;
  readonly arch: string;
}

const format = '${Package}\\t${db:Status-Status}\\t${Version}\\t${Architecture}\\n';

const parseRows = (stdout: string): readonly Row[] =>
  stdout.split('\n').flatMap((line) => {
    const [name, word, version, arch] = line.split('\t');
    return name === undefined || word === undefined || version === undefined || arch === undefined
      ? []
      : [{ name, word, version, arch }];
  });

function stateOf(asked: string, rows: readonly Row[]): PackageState {
  const output = rows.map(({ name, word, version, arch }) => `${name}:${arch} ${version} ${word}`.trim()).join('\n');
  // A package that is there for several architectures is told of by the first.
  const row = rows.find(({ word }) => presenceOf(word) === 'whole') ?? rows[0];
  if (row === undefined) {
    return { name: asked, presence: 'none', ensure: 'absent', provider: 'apt', output: 'not installed' };
  }
  const { name, word, version, arch } = row;
  const presence = presenceOf(word);
  if (presence === 'none' || presence === 'configuration') {
    return { name, presence, ensure: 'absent', provider: 'apt', output };
  }
  const ensure = presence === 'whole' ? version : word;
  return { name, presence, ensure, ...versionParts(version), arch, provider: 'apt', output };
}

/** dpkg's database. */
export function dpkgDatabase({ run, root }: Pick<ProviderTools, 'run' | 'root'>): PackageDatabase {
  const where = root === undefined ? [] : [`--admindir=${join(root, 'var/lib/dpkg')}`];
  const show = (names: readonly string[]) =>
    run('dpkg-query', [...where, `--showformat=${format}`, '--show', '--', ...names], { maxOutputBytes: listBytes });
  return {
    async status(name) {
      const { exitCode, stdout, stderr } = await show([name]);
      // 1: it knows no such package.
      if (exitCode !== 0 && exitCode !== 1) return fail('internal', `dpkg-query failed: ${stderr.trim()}`);
      return ok(stateOf(name, parseRows(stdout)));
    },
    async list() {
      const { exitCode, stdout, stderr } = await show([]);
      const rows = parseRows(stdout).filter(({ word }) => presenceOf(word) === 'whole');
      return { exitCode, lines: rows.map(({ name, version, arch }) => `${name} ${version} ${arch}`), output: stderr };
    },
  };
}
