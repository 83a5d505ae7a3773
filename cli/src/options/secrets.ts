import type { ActionDefinition } from '@muster/protocol/ddl';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { cleanLine } from '../output/clean-text.ts';
import type { Surroundings } from '../surroundings.ts';
import type { GivenInput } from './inputs.ts';

const isTalking = ({ stdin, stderr }: Surroundings): boolean => stdin.kind === 'terminal' && stderr.isTerminal;

/** Secrets on the command line are taken, with a remark: others can see them. */
function warnOfSecrets(action: ActionDefinition, given: readonly GivenInput[], { stderr }: Surroundings): void {
  for (const { key, source } of given) {
    if (source !== undefined || !Object.hasOwn(action.inputs, key) || action.inputs[key]?.sensitive !== true) continue;
    stderr.write(
      `muster: ${key} is secret, but arguments stay in the shell's history and can be seen in the list of processes.\n` +
        `Better write ${key}=@FILE or ${key}=@-, or leave it out and be asked for it.\n`,
    );
  }
}

/**
 * What was given, and the required secrets that are missing: a terminal is asked for them, without showing what is typed.
 *
 * Errors: `request.invalid_input` where nobody can be asked; `run.interrupted`.
 */
export async function withSecrets(
  action: ActionDefinition,
  given: readonly GivenInput[],
  surroundings: Surroundings,
): Promise<Result<readonly GivenInput[]>> {
  warnOfSecrets(action, given, surroundings);
  const keys = new Set(given.map(({ key }) => key));
  const all = [...given];
  for (const [key, input] of Object.entries(action.inputs)) {
    if (!input.sensitive || input.optional || input.default !== undefined || keys.has(key)) continue;
    if (!isTalking(surroundings)) {
      return fail('request.invalid_input', `Action ${action.name} needs a ${key} argument, which is secret`, {
        mend: `Write ${key}=@FILE, or ${key}=@- for STDIN.`,
      });
    }
    const text = await surroundings.askSecret(cleanLine(input.prompt === '' ? key : input.prompt));
    if (text === null)
      return fail('run.interrupted', `Interrupted while asking for ${key}`, { mend: 'No request was sent.' });
    all.push({ key, text, source: 'the terminal' });
  }
  return ok(all);
}
