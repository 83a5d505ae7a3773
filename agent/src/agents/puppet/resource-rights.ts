import type { PuppetSettings } from '../../puppet/index.ts';

const has = (list: readonly string[], name: string): boolean =>
  list.some((item) => item.toLowerCase() === name.toLowerCase());

const listFor = (lists: Readonly<Record<string, readonly string[]>>, type: string): readonly string[] | undefined =>
  Object.entries(lists).find(([name]) => name.toLowerCase() === type.toLowerCase())?.[1];

/** Why the settings do not let a resource be touched; undefined when they do. Nothing is allowed unless they say so. */
export function deniedBecause(settings: PuppetSettings, type: string, name: string): string | undefined {
  const { resource_types_allowed: allowed, resource_types_denied: denied } = settings;
  const typeAllowed = allowed === undefined ? denied !== undefined && !has(denied, type) : has(allowed, type);
  if (!typeAllowed) return `Resources of the type ${type} are not allowed by this node's settings`;
  const namesAllowed = listFor(settings.resource_names_allowed, type);
  const namesDenied = listFor(settings.resource_names_denied, type) ?? [];
  // Names are compared exactly: files and packages with other letters are others.
  if ((namesAllowed?.includes(name) ?? true) && !namesDenied.includes(name)) return undefined;
  return `The resource ${type}[${name}] is not allowed by this node's settings`;
}
