import { parsePuppetYaml, partOf, resourceTypeName } from '../../puppet/index.ts';

/** A resource of the node, as an answer tells of it. */
export interface Resource {
  readonly type: string;
  readonly title: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly tags: readonly string[];
  readonly managed: boolean;
  readonly exported: boolean;
}

const secretName = /passw|passphrase|secret|token|private_?key|credential/i;

/** Puppet tells the hashes of passwords to root; numbers such as the age of a password are no secrets. */
const withoutSecret = (name: string, value: unknown): unknown =>
  secretName.test(name) && typeof value !== 'number' && typeof value !== 'boolean' ? '[redacted]' : value;

/** Texts that Puppet takes for tags. */
const tag = /^[\p{L}\p{N}_][\p{L}\p{N}_:.-]*$/u;

/** The tags of a resource that is in no catalog: its type and its title, and the parts of either between `::`. */
function tagsOf(type: string, title: string): readonly string[] {
  const names = [type, title].map((name) => name.toLowerCase()).filter((name) => tag.test(name));
  return [...new Set(names.flatMap((name) => [name, ...name.split('::')]))].filter((name) => name !== '');
}

/** Reads what `puppet resource --to_yaml` prints: a map of types, with the titles of each. Throws when it is no YAML. */
export function parseResources(
  text: string,
  { type: asked, managed }: { readonly type: string; readonly managed: ReadonlySet<string> },
): readonly Resource[] {
  const found = partOf(parsePuppetYaml(text), asked.toLowerCase());
  // A type of which there are none has no map.
  if (typeof found !== 'object' || found === null) return [];
  const type = resourceTypeName(asked);
  return Object.entries(found).map(([title, parameters]) => ({
    type,
    title,
    parameters: Object.fromEntries(
      Object.entries((parameters ?? {}) as object).map(([name, value]) => [name, withoutSecret(name, value)]),
    ),
    tags: tagsOf(type, title),
    managed: managed.has(`${type}[${title}]`.toLowerCase()),
    // Only resources of catalogs are exported, for other nodes.
    exported: false,
  }));
}
