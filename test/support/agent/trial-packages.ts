import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface TrialPackage {
  readonly name: string;
  readonly version: string;
  /** A configuration file below the root, which stays when the package is removed but not purged. */
  readonly configuration?: string;
  /** What is run once it is unpacked. */
  readonly postinst?: string;
}

async function put(file: string, text: string, mode = 0o644): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text, { mode });
}

/** Builds a tiny `.deb` with Debian's own tool. Gives its path. */
export async function buildPackage(folder: string, trial: TrialPackage): Promise<string> {
  const { name, version, configuration, postinst } = trial;
  const tree = join(folder, `${name}-${version}`);
  await put(
    join(tree, 'DEBIAN/control'),
    `Package: ${name}
Version: ${version}
Architecture: all
Maintainer: Nobody <nobody@example.com>
Section: misc
Priority: optional
Description: for trials
`,
  );
  await put(join(tree, 'usr/share', name, 'version'), `${version}\n`);
  if (configuration !== undefined) {
    await put(join(tree, configuration), 'setting = 1\n');
    await put(join(tree, 'DEBIAN/conffiles'), `/${configuration}\n`);
  }
  if (postinst !== undefined) await put(join(tree, 'DEBIAN/postinst'), postinst, 0o755);
  const file = join(folder, `${name}_${version.replace(':', '%3a')}_all.deb`);
  await run('dpkg-deb', ['--root-owner-group', '--build', tree, file]);
  return file;
}

/** Makes a root directory with a package database that is new and empty. */
export async function makePackageRoot(root: string): Promise<void> {
  const folders = ['var/lib/dpkg/info', 'var/lib/dpkg/updates', 'var/lib/apt/lists/partial', 'etc/apt/apt.conf.d'];
  const more = ['var/cache/apt/archives/partial', 'var/log/apt', 'etc/apt/preferences.d', 'etc/apt/trusted.gpg.d'];
  for (const folder of [...folders, ...more]) await mkdir(join(root, folder), { recursive: true });
  await put(join(root, 'var/lib/dpkg/status'), '');
  await put(join(root, 'var/lib/dpkg/available'), '');
}

/** Has dpkg install a package into such a root directory. */
export async function installInto(root: string, deb: string): Promise<void> {
  await run('dpkg', [`--root=${root}`, '--force-not-root', '--install', deb], {
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
  });
}

/** Makes a folder with packages a repository, and the only one that the root directory's apt knows. */
export async function offerPackages(root: string, folder: string): Promise<void> {
  const debs = (await readdir(folder)).filter((file) => file.endsWith('.deb')).sort();
  const entries = await Promise.all(
    debs.map(async (file) => {
      const bytes = await readFile(join(folder, file));
      const { stdout } = await run('dpkg-deb', ['--field', join(folder, file)]);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      return `${stdout.trimEnd()}\nFilename: ./${file}\nSize: ${bytes.length}\nSHA256: ${sha256}\n`;
    }),
  );
  await writeFile(join(folder, 'Packages'), entries.join('\n'));
  await put(join(root, 'etc/apt/sources.list'), `deb [trusted=yes] file:${folder} ./\n`);
}
