import type { RecipeDraft } from '@muster/protocol/bridge';
import type { ActionDefinition } from '@muster/protocol/ddl';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { parseFilter } from '@muster/protocol/filter';
import { checkName, checkTags } from '../presets/index.ts';

const invalid = (message: string, mend?: string) => fail('recipe.invalid', message, mend === undefined ? {} : { mend });

/** Errors: those of the filter. */
function checkTarget({ target }: RecipeDraft): Result<unknown> {
  const filter = 'filter' in target ? target.filter : undefined;
  return filter === undefined ? ok(null) : parseFilter(filter);
}

/** What is asked for is asked once, and not given besides. */
function checkPrompts({ inputs, prompts }: RecipeDraft): Result<void> {
  const seen = new Set<string>();
  for (const { input } of prompts) {
    if (seen.has(input)) return invalid(`The input ${input} is asked for twice`);
    if (Object.hasOwn(inputs, input)) return invalid(`The input ${input} is given, and asked for besides`);
    seen.add(input);
  }
  return ok(undefined);
}

/** Secrets are typed at each use. `action` is null when nobody knows it: then what is secret cannot be told, and nothing may be kept. */
function checkSecrets({ name, inputs, prompts }: RecipeDraft, action: ActionDefinition | null): Result<void> {
  if (action === null) return ok(undefined);
  const isSecret = (input: string) => Object.hasOwn(action.inputs, input) && action.inputs[input]?.sensitive === true;
  const kept = [
    ...Object.keys(inputs),
    ...prompts.filter((prompt) => prompt.default !== undefined).map(({ input }) => input),
  ].find(isSecret);
  return kept === undefined
    ? ok(undefined)
    : invalid(`The recipe "${name}" would keep the secret input ${kept}`, 'Ask for it at each use, without a default.');
}

/**
 * The recipe as it is stored. `action` is what the fleet says of its action; null when nobody knows it. Errors: `recipe.invalid`, those of the
 * filter of its target.
 */
export function checkRecipe(draft: RecipeDraft, action: ActionDefinition | null): Result<RecipeDraft> {
  const name = checkName(draft.name, 'recipe', 'recipe.invalid');
  if (!name.ok) return name;
  const tags = checkTags(draft.tags, 'recipe.invalid');
  if (!tags.ok) return tags;
  for (const check of [checkTarget(draft), checkPrompts(draft), checkSecrets(draft, action)])
    if (!check.ok) return check;
  return ok({ ...draft, name: name.value, description: draft.description.trim(), tags: tags.value });
}
