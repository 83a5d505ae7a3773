import { booleanOf, numberOf, textOf } from '../../api/index.ts';
import type { PuppetSettings } from '../../puppet/index.ts';

type Inputs = Readonly<Record<string, unknown>>;

/** What a run is asked, as Puppet's options; or why it cannot be. */
export type RunOptions =
  | { readonly ok: true; readonly options: readonly string[]; readonly splays: boolean }
  | { readonly ok: false; readonly reason: string };

const withText = (inputs: Inputs, name: string): readonly string[] => {
  const value = textOf(inputs, name);
  return value === undefined ? [] : [`--${name}`, value];
};

const withChoice = (inputs: Inputs, name: string): readonly string[] => {
  const value = booleanOf(inputs, name);
  return value === undefined ? [] : [`--${value ? '' : 'no-'}${name}`];
};

function serverOptions(inputs: Inputs): readonly string[] {
  const [host, port] = (textOf(inputs, 'server') ?? '').split(':');
  if (host === undefined || host === '') return [];
  return ['--server', host, ...(port === undefined ? [] : ['--masterport', port])];
}

/** Options beside those of splay, which a daemon cannot be told. */
const customOptions = (inputs: Inputs): readonly string[] => [
  ...withText(inputs, 'tags'),
  ...withText(inputs, 'skip_tags'),
  ...withChoice(inputs, 'noop'),
  ...withText(inputs, 'environment'),
  ...serverOptions(inputs),
  ...withChoice(inputs, 'use_cached_catalog'),
  ...(booleanOf(inputs, 'ignoreschedules') === true ? ['--ignoreschedules'] : []),
];

/** Whether a request asks for more than a run as Puppet would make it by itself. */
export const hasCustomOptions = (inputs: Inputs): boolean => customOptions(inputs).length > 0;

function splayOptions(inputs: Inputs, settings: PuppetSettings): RunOptions {
  const limit = numberOf(inputs, 'splaylimit');
  if (limit !== undefined && (!Number.isInteger(limit) || limit < 0)) {
    return { ok: false, reason: `Invalid splaylimit '${limit}'` };
  }
  if (booleanOf(inputs, 'force') === true) return { ok: true, options: ['--no-splay'], splays: false };
  const splays = booleanOf(inputs, 'splay') ?? settings.splay;
  if (!splays) return { ok: true, options: ['--no-splay'], splays };
  return { ok: true, options: ['--splay', '--splaylimit', String(limit ?? settings.splaylimit)], splays };
}

/** The options of a run that is a process of its own. */
export function runOptions(inputs: Inputs, settings: PuppetSettings): RunOptions {
  if (settings.mode === 'apply' && booleanOf(inputs, 'use_cached_catalog') !== undefined) {
    return { ok: false, reason: "Passing 'use_cached_catalog' means nothing here: the node applies a manifest" };
  }
  const splay = splayOptions(inputs, settings);
  if (!splay.ok) return splay;
  return { ...splay, options: [...customOptions(inputs), ...splay.options] };
}
