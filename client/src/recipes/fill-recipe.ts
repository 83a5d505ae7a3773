import type { Recipe, RunOrder } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';

type Inputs = RunOrder['inputs'];

/**
 * The inputs of one use: those that are always the same, and the answers to what is asked for, or else its default. What was not
 * answered and has no default is left out.
 *
 * Errors: `request.invalid_input` for an answer to something that is not asked for.
 */
export function filledInputs(recipe: Pick<Recipe, 'name' | 'inputs' | 'prompts'>, answers: Inputs): Result<Inputs> {
  const asked = recipe.prompts.map(({ input }) => input);
  const odd = Object.keys(answers).find((input) => !asked.includes(input));
  if (odd !== undefined)
    return fail('request.invalid_input', `The recipe "${recipe.name}" does not ask for ${odd}`, {
      mend: asked.length === 0 ? 'It asks for nothing.' : `It asks for: ${asked.join(', ')}.`,
    });
  const defaults = recipe.prompts.flatMap(({ input, default: value }) =>
    value === undefined ? [] : [[input, value] as const],
  );
  return ok({ ...recipe.inputs, ...Object.fromEntries(defaults), ...answers });
}
