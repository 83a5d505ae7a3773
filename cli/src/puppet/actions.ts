import { fail, ok, type Result } from '@muster/protocol/errors';
import { readGiven, readsInput } from '../options/given-inputs.ts';
import { completeInputs } from '../options/inputs.ts';
import { puppetInputs, type PuppetOptionFlags } from './options.ts';
import type { RunFlags } from '../options/run-flags.ts';
import { lineView } from '../output/answer-view.ts';
import { cleanLine } from '../output/clean-text.ts';
import type { Surroundings } from '../surroundings.ts';
import { runAction } from '../commands/run-action.ts';

const agent = 'puppet';

/** `muster puppet status`: what Puppet does on each node, in a line. */
export function puppetStatus(flags: RunFlags, surroundings: Surroundings): Promise<Result<number>> {
  const view = lineView(({ data: { message, status } }) =>
    cleanLine(typeof message === 'string' ? message : typeof status === 'string' ? status : 'unknown'),
  );
  return runAction({ agent, action: 'status', inputs: () => ok({}), view }, flags, surroundings);
}

export function enablePuppet(flags: RunFlags, surroundings: Surroundings): Promise<Result<number>> {
  return runAction({ agent, action: 'enable', inputs: (action) => completeInputs(action, {}) }, flags, surroundings);
}

/** `muster puppet disable [MESSAGE]`; the words of the message may come one by one. */
export function disablePuppet(
  words: readonly string[],
  flags: RunFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  const message = words.join(' ');
  return runAction(
    { agent, action: 'disable', inputs: (action) => completeInputs(action, message === '' ? {} : { message }) },
    flags,
    surroundings,
  );
}

/** `muster puppet runonce`: Puppet on all nodes at the same time. */
export async function runPuppetOnce(
  flags: RunFlags & PuppetOptionFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  const options = puppetInputs(flags);
  if (!options.ok) return options;
  return runAction(
    { agent, action: 'runonce', inputs: (action) => completeInputs(action, options.value) },
    flags,
    surroundings,
  );
}

/** `muster puppet resource TYPE NAME [key=value…]`: makes a resource what the properties say. */
export async function puppetResource(
  type: string | undefined,
  name: string | undefined,
  pairs: readonly string[],
  flags: RunFlags & Pick<PuppetOptionFlags, 'environment'>,
  surroundings: Surroundings,
): Promise<Result<number>> {
  if (type === undefined) return fail('usage.invalid', 'The resource command needs a type to operate on');
  if (name === undefined) return fail('usage.invalid', 'The resource command needs a name to operate on');
  const given = await readGiven(pairs, surroundings);
  if (!given.ok) return given;
  const properties = Object.fromEntries(given.value.map(({ key, text }) => [key, text]));
  const { environment } = flags;
  const inputs = {
    type,
    name,
    ...(environment === undefined ? {} : { environment }),
    ...(given.value.length === 0 ? {} : { properties }),
  };
  const { stdin } = surroundings;
  const rest = readsInput(pairs) ? { ...surroundings, stdin: { ...stdin, kind: 'other' as const } } : surroundings;
  return runAction({ agent, action: 'resource', inputs: (action) => completeInputs(action, inputs) }, flags, rest);
}
