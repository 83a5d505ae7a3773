import { open, stat } from 'node:fs/promises';
import type { PuppetFiles } from './files.ts';

/** The longest list of resources that is read, in bytes. */
const largestListBytes = 16 * 1024 * 1024;

interface Listed {
  readonly stamp: string;
  readonly resources: ReadonlySet<string>;
}

const listed = new Map<string, Listed>();

/**
 * The resources that Puppet manages on the node, in lower case: `file[/etc/motd]`. None when Puppet has not written them. The
 * list is read again when its file has changed.
 */
export async function managedResources({ resourcefile }: PuppetFiles): Promise<ReadonlySet<string>> {
  try {
    const { size, mtimeMs } = await stat(resourcefile);
    const stamp = `${size} ${mtimeMs}`;
    const known = listed.get(resourcefile);
    if (known?.stamp === stamp) return known.resources;
    const file = await open(resourcefile);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(size, largestListBytes)));
      const lines = buffer.toString('utf8', 0, bytesRead).split('\n');
      const resources = new Set(lines.map((line) => line.trim().toLowerCase()).filter((line) => line !== ''));
      listed.set(resourcefile, { stamp, resources });
      return resources;
    } finally {
      await file.close();
    }
  } catch {
    return new Set();
  }
}

/** The name of a type as Puppet writes it in references: `File`, `My::Type`. */
export const resourceTypeName = (type: string): string =>
  type
    .split('::')
    .map((part) => `${part.slice(0, 1).toUpperCase()}${part.slice(1).toLowerCase()}`)
    .join('::');

/** How many resources there are of each type, by its name. */
export function typeDistribution(resources: ReadonlySet<string>): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const resource of resources) {
    const type = resourceTypeName(resource.split('[', 1)[0] ?? '');
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([left], [right]) => (left < right ? -1 : 1)));
}
