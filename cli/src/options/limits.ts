import type { Limit } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { LimitFlags } from './flags.ts';

/** The limit that the flags set. Errors: `usage.invalid` for flags that make no sense together. */
export function readLimit({ limit, one, limitMethod, limitSeed }: LimitFlags): Result<Limit | undefined> {
  const size = one === true ? ({ unit: 'nodes', amount: 1 } as const) : limit;
  if (size === undefined) {
    if (limitMethod === undefined && limitSeed === undefined) return ok(undefined);
    return fail('usage.invalid', '--limit-method and --limit-seed need --limit or --one');
  }
  if (limitSeed === undefined) return ok({ size, method: limitMethod ?? 'first' });
  if (limitMethod === 'first') {
    return fail('usage.invalid', '--limit-seed draws by lot, and --limit-method first does not', {
      mend: 'Leave one of them out.',
    });
  }
  return ok({ size, method: 'random', seed: limitSeed });
}
