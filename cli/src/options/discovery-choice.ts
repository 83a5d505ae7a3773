import { checkMethod } from '@muster/client/discovery';
import type { DiscoveryChoice } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { DiscoveryFlags } from './flags.ts';

/** How a person wants nodes to be found, as far as flags say so. */
export interface WantedDiscovery {
  readonly method?: DiscoveryChoice['method'];
  readonly options: DiscoveryChoice['options'];
}

function readOptions(texts: readonly string[]): Result<DiscoveryChoice['options']> {
  const options: Record<string, string | string[]> = {};
  for (const text of texts) {
    const equals = text.indexOf('=');
    if (equals < 1) {
      return fail('usage.invalid', `Could not parse the discovery option "${text.slice(0, 80)}"`, {
        mend: 'Options are written as key=value.',
      });
    }
    const key = text.slice(0, equals);
    const value = text.slice(equals + 1);
    const earlier = Object.hasOwn(options, key) ? options[key] : undefined;
    options[key] = earlier === undefined ? value : [earlier, value].flat();
  }
  return ok(options);
}

/**
 * `--dm`, `--do` and `--nodes` as one wish: `--nodes FILE` is the method `list` with the option `file`; null without any of them.
 *
 * Errors: `usage.invalid`, `discovery.unknown_method`.
 */
export function readDiscovery(flags: DiscoveryFlags): Result<WantedDiscovery | null> {
  const { nodes, discMethod, discOption = [] } = flags;
  if (nodes !== undefined) {
    if (discMethod === undefined && discOption.length === 0) return ok({ method: 'list', options: { file: nodes } });
    return fail('usage.invalid', 'Cannot mix --disc-method, --disc-option and --nodes', {
      mend: 'Use --nodes FILE alone.',
    });
  }
  const options = readOptions(discOption);
  if (!options.ok) return options;
  if (discMethod === undefined) return ok(discOption.length === 0 ? null : { options: options.value });
  const method = checkMethod(discMethod);
  return method.ok ? ok({ method: method.value, options: options.value }) : method;
}

/** The wish on top of what is configured: options of the configuration stay where the method is the configured one. */
export function chooseDiscovery(wanted: WantedDiscovery, configured: DiscoveryChoice): DiscoveryChoice {
  const { method = configured.method, options } = wanted;
  return { method, options: method === configured.method ? { ...configured.options, ...options } : options };
}

/** Whether a method without a filter means every node: not where a list, a program or a query of one's own chooses. */
export const meansEveryNode = ({ method, options }: WantedDiscovery): boolean =>
  method !== 'list' && method !== 'external' && !Object.hasOwn(options, 'pql') && !Object.hasOwn(options, 'ast');
