import type { RunOrder } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { InvalidArgumentError, type Command } from 'commander';
import { add } from '../options/flags.ts';
import { repeated } from '../options/values.ts';

/** Flags that say how Puppet shall run. Those with a `no` form are absent where neither was given. */
export interface PuppetOptionFlags {
  readonly force?: true;
  readonly server?: string;
  readonly tags?: readonly string[];
  readonly skipTags?: readonly string[];
  readonly noop?: boolean;
  readonly environment?: string;
  readonly splay?: boolean;
  readonly splaylimit?: number;
  readonly useCachedCatalog?: boolean;
  readonly ignoreschedules?: true;
}

const puppetGroup = 'How Puppet runs:';

function wholeSeconds(text: string): number {
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number of seconds.');
}

export function addPuppetOptions(command: Command): void {
  const option = (flags: string, description: string, shape?: Parameters<typeof add>[4]) =>
    add(command, puppetGroup, flags, description, shape);
  option('--force', 'at once, without splay');
  option('--server <server>', 'this Puppet server; nodes may not allow it');
  option('--tag, --tags <tag>', 'only what has this tag', (flag) => flag.argParser(repeated));
  option('--skip-tags <tag>', 'nothing that has this tag', (flag) => flag.argParser(repeated));
  option('--noop', 'only look what would be changed');
  option('--no-noop', 'change it, where the node would only look');
  option('--environment <name>', 'in this environment');
  option('--splay', 'wait for some random time first');
  option('--no-splay', 'do not wait');
  option('--splaylimit <seconds>', 'wait no longer than this', (flag) => flag.argParser(wholeSeconds));
  option('--use_cached_catalog, --use-cached-catalog', 'apply the catalog that the node has');
  option('--no-use_cached_catalog, --no-use-cached-catalog', 'have a new one compiled');
  option('--ignoreschedules', 'whatever the schedules say');
}

/**
 * The flags as inputs of `puppet runonce`. With `forced`, the runs are forced in any case. Errors: `usage.invalid` for splay beside
 * force.
 */
export function puppetInputs(flags: PuppetOptionFlags, forced = false): Result<RunOrder['inputs']> {
  if (forced || flags.force === true) {
    if (flags.splay === true) return fail('usage.invalid', 'Cannot set splay when forcing runs');
    if (flags.splaylimit !== undefined) return fail('usage.invalid', 'Cannot set splaylimit when forcing runs');
  }
  const { server, tags, skipTags, noop, environment, splay, splaylimit, useCachedCatalog, ignoreschedules } = flags;
  const given = {
    force: forced ? undefined : flags.force,
    server,
    tags: tags?.join(','),
    skip_tags: skipTags?.join(','),
    noop,
    environment,
    splay: forced ? undefined : splay,
    splaylimit,
    use_cached_catalog: useCachedCatalog,
    ignoreschedules,
  };
  return ok(
    Object.fromEntries(Object.entries(given).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]]))),
  );
}
