import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** A Puppet of its own: nothing of the machine's is read or written. */
export interface PuppetHome {
  readonly folder: string;
  /** The folders that Puppet keeps things in, as `plugin.d/puppet.yaml` has them. */
  readonly places: Readonly<Record<string, string>>;
  /** Path of the manifest; it is there once it was written. */
  readonly manifest: string;
  writeManifest(text: string): Promise<void>;
  /** A path below the home. */
  at(...parts: string[]): string;
  /** Runs `puppet` with this home's places and gives what it said. */
  puppet(subcommand: string, ...args: string[]): Promise<string>;
  remove(): Promise<void>;
}

/** Makes an empty home for Debian's Puppet. */
export async function createPuppetHome(): Promise<PuppetHome> {
  const folder = await mkdtemp(join(tmpdir(), 'muster puppet '));
  const at = (...parts: string[]) => join(folder, ...parts);
  const places = {
    confdir: at('conf'),
    codedir: at('code'),
    vardir: at('var'),
    publicdir: at('public'),
    rundir: at('run'),
    logdir: at('log'),
    ssldir: at('ssl'),
  };
  for (const place of Object.values(places)) await mkdir(place);
  await mkdir(at('var', 'state'));
  await mkdir(at('code', 'environments', 'production'), { recursive: true });
  const manifest = at('site.pp');
  return {
    folder,
    places,
    manifest,
    at,
    writeManifest: (text) => writeFile(manifest, text),
    async puppet(subcommand, ...args) {
      const options = Object.entries(places).flatMap(([name, value]) => [`--${name}`, value]);
      const { stdout } = await promisify(execFile)('puppet', [subcommand, ...options, ...args]);
      return stdout;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
