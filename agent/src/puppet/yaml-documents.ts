import { parseBoundedYaml } from '@muster/runtime/config';
import { isAlias, Scalar, visit } from 'yaml';

/** More repetitions of one value than any document of Puppet has; it bounds what aliases make of a small document. */
const mostAliases = 10_000;

/**
 * A document that Puppet wrote, as plain values: Ruby's tags mean nothing to us, and what refers to a part that is not there is
 * empty. Throws when it is no YAML.
 */
export function parsePuppetYaml(text: string): unknown {
  const document = parseBoundedYaml(text, { logLevel: 'silent', uniqueKeys: false, resolveKnownTags: false });
  const [error] = document.errors;
  if (error !== undefined) throw error;
  visit(document, {
    Alias: (_key, node) => (isAlias(node) && node.resolve(document) === undefined ? new Scalar(null) : undefined),
  });
  return document.toJS({ maxAliasCount: mostAliases });
}

/** The part of a value that a path of names leads to. */
export function partOf(value: unknown, ...path: readonly string[]): unknown {
  let part = value;
  for (const name of path) {
    if (typeof part !== 'object' || part === null || !Object.hasOwn(part, name)) return undefined;
    part = Reflect.get(part, name);
  }
  return part;
}

/** A number at a path; the fallback where there is none. */
export function numberAt(value: unknown, fallback: number, ...path: readonly string[]): number {
  const part = partOf(value, ...path);
  return typeof part === 'number' && Number.isFinite(part) ? part : fallback;
}
