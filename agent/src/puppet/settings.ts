import { z } from 'zod';

// Settings come from YAML, or as texts from `puppet.cfg` as MCollective and Choria have it.

const truth = new Map([
  ...['1', 'yes', 'y', 'true', 't'].map((word) => [word, true] as const),
  ...['0', 'no', 'n', 'false', 'f'].map((word) => [word, false] as const),
]);

const flag = (byDefault: boolean) =>
  z
    .preprocess((value) => (typeof value === 'string' ? (truth.get(value.toLowerCase()) ?? value) : value), z.boolean())
    .default(byDefault);

const commaList = (value: unknown): unknown =>
  typeof value === 'string'
    ? value
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== '')
    : value;

/** Names as a list, or in a text with commas. `none` alone means that there is none. */
const names = z.preprocess(commaList, z.array(z.string().min(1)).max(1000)).transform((list) => {
  const [only] = list;
  return list.length === 1 && only?.toLowerCase() === 'none' ? [] : list;
});

const namesByType = z.record(z.string().min(1), names);

/** A command as words; a text is split at its blanks, and no shell ever sees it. */
const command = z.preprocess(
  (value) => (typeof value === 'string' ? value.split(/\s+/).filter((word) => word !== '') : value),
  z.array(z.string().min(1)).min(1),
);

const path = z.string().startsWith('/', 'use an absolute path');

/** Where Puppet keeps things, where it differs from what Puppet itself finds; each is also an option of every command. */
const places = {
  config: path.optional(),
  confdir: path.optional(),
  codedir: path.optional(),
  vardir: path.optional(),
  statedir: path.optional(),
  publicdir: path.optional(),
  rundir: path.optional(),
  logdir: path.optional(),
  ssldir: path.optional(),
};

const modern = new Map([
  ['resource_type_whitelist', 'resource_types_allowed'],
  ['resource_type_blacklist', 'resource_types_denied'],
  ['resource_name_whitelist', 'resource_names_allowed'],
  ['resource_name_blacklist', 'resource_names_denied'],
]);

/** MCollective's names as ours: `resource_name_whitelist.TYPE` becomes an entry of `resource_names_allowed`. */
function withModernNames(given: unknown): unknown {
  if (typeof given !== 'object' || given === null) return given;
  const renamed: Record<string, unknown> = {};
  const lists: Record<string, Record<string, unknown>> = {};
  for (const [key, value] of Object.entries(given)) {
    const [, name = key, type] = /^(?:plugin\.puppet\.)?([^.]+)(?:\.(.+))?$/.exec(key) ?? [];
    const now = modern.get(name) ?? name;
    if (type === undefined) renamed[now] = value;
    else (lists[now] ??= {})[type] = value;
  }
  return { ...renamed, ...lists };
}

const own = z
  .strictObject({
    mode: z.enum(['agent', 'apply']).default('agent'),
    command: command.optional(),
    manifest: path.optional(),
    modulepath: z.preprocess((value) => (Array.isArray(value) ? value.join(':') : value), z.string().min(1)).optional(),
    ...places,
    splay: flag(true),
    splaylimit: z.coerce.number().int().min(0).max(86_400).default(30),
    signal_daemon: flag(true),
    allow_server_override: flag(false),
    resource_allow_managed_resources: flag(false),
    resource_types_allowed: names.optional(),
    resource_types_denied: names.optional(),
    resource_names_allowed: namesByType.default({}),
    resource_names_denied: namesByType.default({}),
  })
  .refine(({ mode, manifest }) => mode === 'agent' || manifest !== undefined, {
    path: ['manifest'],
    error: 'mode: apply needs the manifest to apply',
  })
  .refine((given) => given.resource_types_allowed === undefined || given.resource_types_denied === undefined, {
    path: ['resource_types_denied'],
    error: 'types are either allowed or denied, not both',
  });

/** What `plugin.d/puppet.yaml` may say. */
export const puppetSettings = z.preprocess(withModernNames, own);

export type PuppetSettings = z.infer<typeof puppetSettings>;

/** Names of the settings that say where Puppet keeps things. */
export const placeNames = [
  'config',
  'confdir',
  'codedir',
  'vardir',
  'statedir',
  'publicdir',
  'rundir',
  'logdir',
  'ssldir',
] as const satisfies readonly (keyof typeof places)[];
