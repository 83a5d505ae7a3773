import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where one of several Puppets on the machine keeps everything; short names, as its settings have them. */
export interface PuppetPlaces {
  readonly config: string;
  readonly confdir: string;
  readonly vardir: string;
  readonly statedir: string;
  readonly publicdir: string;
  readonly rundir: string;
  readonly logdir: string;
  readonly ssldir: string;
}

/** Makes the folders and the configuration of a Puppet agent that nobody else on the machine shares. */
export async function makePuppetNode(folder: string, certname: string, port: number): Promise<PuppetPlaces> {
  const at = (name: string): string => join(folder, name);
  const places: PuppetPlaces = {
    config: at('conf/puppet.conf'),
    confdir: at('conf'),
    vardir: at('var'),
    statedir: at('var/state'),
    publicdir: at('public'),
    rundir: at('run'),
    logdir: at('log'),
    ssldir: at('ssl'),
  };
  await mkdir(places.confdir, { recursive: true });
  const lines = [
    '[main]',
    'server = localhost',
    `serverport = ${port}`,
    `certname = ${certname}`,
    // What the machine has to offer takes long to find out, and no manifest of ours asks.
    'pluginsync = false',
    // A catalog that cannot be had is to be seen, not replaced by the last one.
    'usecacheonfailure = false',
    ...Object.entries(places).flatMap(([name, value]) => (name === 'config' ? [] : [`${name} = ${value}`])),
  ];
  await writeFile(places.config, `${lines.join('\n')}\n`);
  return places;
}
