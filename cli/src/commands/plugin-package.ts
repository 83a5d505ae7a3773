import { readAgentDdl, pluginNameOfFile, type AgentDdl } from '@muster/protocol/ddl';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { cleanJson, cleanLine } from '../output/clean-text.ts';
import { exitCodes } from '../output/exit-code.ts';
import { readPlacedJson } from '../output/json-places.ts';
import { deb, tarGz, type ArchiveFile } from '../plugins/archives.ts';
import type { Surroundings } from '../surroundings.ts';

export const packageFormats = ['deb', 'tar.gz'] as const;

export interface PackageFlags {
  readonly format: (typeof packageFormats)[number];
  readonly output?: string;
  /** Where nodes look for plugins. */
  readonly folder: string;
  readonly replace?: true;
  readonly json?: true;
}

/** The agent that a folder holds: a description, and a module or program of the same name beside it. */
function findAgent(files: readonly ArchiveFile[], folder: string): Result<AgentDdl> {
  const names = new Set(files.map(({ path }) => path));
  for (const { path, content } of files) {
    const name = path.includes('/') || !path.endsWith('.json') ? undefined : pluginNameOfFile(path, 'agent');
    if (name === undefined) continue;
    const program = files.find((file) => file.path === name);
    if (!names.has(`${name}.mjs`) && program === undefined) continue;
    const json = readPlacedJson(Buffer.from(content).toString('utf8'));
    if ('message' in json)
      return fail('ddl.malformed', `${path}, line ${json.line}, column ${json.column}: ${json.message}`);
    if (program !== undefined && !program.executable && !names.has(`${name}.mjs`)) {
      return fail('ddl.malformed', `The program ${name} is not executable`, { mend: `chmod +x ${folder}/${name}` });
    }
    const read = readAgentDdl(json.value, { name });
    if (!read.ok) return fail('ddl.malformed', `${path}: ${read.error.message}`);
    if (read.value.ddl.name !== name)
      return fail('ddl.malformed', `${path} describes ${read.value.ddl.name}, not ${name}`);
    return ok(read.value.ddl);
  }
  return fail('ddl.malformed', `${folder} holds no agent`, {
    mend: 'An agent is NAME.json beside NAME.mjs or an executable NAME.',
  });
}

/** A version as Debian has it: `1.0.0~rc.1` comes before `1.0.0`. */
const debVersion = (version: string): string | undefined => {
  const written = version.replace('-', '~');
  return /^\d[A-Za-z0-9.+~]*$/.test(written) ? written : undefined;
};

/** `SOURCE_DATE_EPOCH`, or 1970: the same files make the same package. */
const packageTime = ({ env }: Surroundings): Date => {
  const seconds = Number(env['SOURCE_DATE_EPOCH'] ?? 0);
  return new Date(Number.isSafeInteger(seconds) && seconds >= 0 ? seconds * 1000 : 0);
};

/** `muster plugin package`: an agent's folder as a Debian package, or as an archive to unpack in a node's plugin folder. */
export async function packagePlugin(
  folder: string,
  flags: PackageFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  const files = await surroundings.readFolder(folder);
  if (!files.ok) return files;
  const agent = findAgent(files.value, folder);
  if (!agent.ok) return agent;
  const { name, author, description, url } = agent.value;
  const version = debVersion(agent.value.version);
  if (version === undefined) {
    return fail('ddl.malformed', `A package cannot have the version ${agent.value.version}`, {
      mend: 'Use one such as 1.2.3.',
    });
  }
  const time = packageTime(surroundings);
  const target = flags.folder.split('/').filter((part) => part !== '');
  if (!flags.folder.startsWith('/') || target.length === 0 || target.includes('..')) {
    return fail('usage.invalid', '--folder takes the absolute path of a folder');
  }
  const placed = files.value.map((file) => ({ ...file, path: [...target, file.path].join('/') }));
  const packageName = `muster-agent-${name.replaceAll('_', '-')}`;
  const about = { name: packageName, version, maintainer: author, description, homepage: url };
  const isDeb = flags.format === 'deb';
  const content = isDeb ? await deb(about, placed, time) : await tarGz(files.value, time);
  const path = flags.output ?? (isDeb ? `${packageName}_${version}_all.deb` : `${packageName}-${version}.tar.gz`);
  const written = await surroundings.writeFile(path, content, { replace: flags.replace === true });
  if (!written.ok) return written;
  const shown = flags.json === true ? cleanJson({ file: path, package: packageName, version }, 1) : cleanLine(path);
  surroundings.stdout.write(`${shown}\n`);
  return ok(exitCodes.ok);
}
