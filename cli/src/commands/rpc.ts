import { fail, type Result } from '@muster/protocol/errors';
import { readGiven, readsInput } from '../options/given-inputs.ts';
import { readInputs } from '../options/inputs.ts';
import type { RunFlags } from '../options/run-flags.ts';
import { withSecrets } from '../options/secrets.ts';
import type { Surroundings } from '../surroundings.ts';
import { runAction } from './run-action.ts';

/** Surroundings whose STDIN has been used up. */
export const withoutInput = (surroundings: Surroundings): Surroundings => ({
  ...surroundings,
  stdin: { ...surroundings.stdin, kind: 'other' },
});

/** `muster rpc`: runs an action and prints the answers as they arrive. The value is the exit code. */
export async function rpc(
  agent: string,
  action: string,
  pairs: readonly string[],
  flags: RunFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  const takesInput = readsInput(pairs);
  if (takesInput && flags.nodes === '-')
    return fail('usage.invalid', 'STDIN cannot be both an input and the list of nodes');
  const given = await readGiven(pairs, surroundings);
  if (!given.ok) return given;
  const rest = takesInput ? withoutInput(surroundings) : surroundings;
  return runAction(
    {
      agent,
      action,
      inputs: async (definition) => {
        const all = await withSecrets(definition, given.value, rest);
        return all.ok ? readInputs(definition, all.value) : all;
      },
    },
    flags,
    rest,
  );
}
