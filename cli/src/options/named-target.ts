import type { Target } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { printFilter, type FilterExpression } from '@muster/protocol/filter';
import type { DiscoveryFlags, NamedFlags } from './flags.ts';

export type NamedTarget = Extract<Target, { kind: 'group' | 'preset' }>;

export const hasName = ({ preset, group }: NamedFlags): boolean => preset !== undefined || group !== undefined;

/**
 * The preset or the group that flags name, narrowed down by the filter of the others; null without one. Errors: `usage.invalid` beside
 * `--nodes`.
 */
export function namedTarget(
  { preset, group, nodes }: NamedFlags & Pick<DiscoveryFlags, 'nodes'>,
  filter: FilterExpression,
): Result<NamedTarget | null> {
  const name = preset ?? group;
  if (name === undefined) return ok(null);
  if (nodes !== undefined)
    return fail('usage.invalid', '--nodes cannot be combined with --preset or --group', {
      mend: 'Use a list, or the name of a preset or a group.',
    });
  const narrowed = filter.kind === 'all' ? {} : { filter: printFilter(filter) };
  return ok({ kind: preset === undefined ? 'group' : 'preset', name, ...narrowed });
}
