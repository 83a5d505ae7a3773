import { join } from 'node:path';
import { privateFolder, writePrivate } from '@muster/broker-config/secrets';
import { stringify } from 'yaml';

/** Text in single quotes, as Puppet's language has it. */
const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;

const manifestOf = (identity: string, folder: string): string => `# What Puppet keeps as it is on ${identity}.
class greeting {
  file { ${quoted(join(folder, 'motd'))}:
    content => ${quoted(`This is ${identity}.\n`)},
  }
  notify { ${quoted(`Puppet was on ${identity}`)}: }
}

include greeting
`;

/**
 * Gives a node a Puppet of its own, for machines that have Puppet: it applies a small manifest and keeps everything below the
 * node's folder, so that the machine's own Puppet notices nothing.
 */
export async function writeNodePuppet(identity: string, nodeFolder: string): Promise<void> {
  const folder = join(nodeFolder, 'puppet');
  const places = Object.fromEntries(
    ['conf', 'code', 'var', 'public', 'run', 'log', 'ssl'].map((name) => [`${name}dir`, join(folder, name)]),
  );
  const manifest = join(folder, 'site.pp');
  await privateFolder(join(folder, 'code', 'environments', 'production'));
  await privateFolder(join(nodeFolder, 'plugin.d'));
  await writePrivate(manifest, manifestOf(identity, folder));
  await writePrivate(join(nodeFolder, 'plugin.d', 'puppet.yaml'), stringify({ mode: 'apply', manifest, ...places }));
}
