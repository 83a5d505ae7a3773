import { filledInputs } from '@muster/client/recipes';
import type { Recipe, Target } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { parseFilter } from '@muster/protocol/filter';
import { readGiven, readsInput } from '../options/given-inputs.ts';
import { readInputs, type GivenInput } from '../options/inputs.ts';
import { hasName } from '../options/named-target.ts';
import { chooseNodes, type NodeChoice } from '../options/node-choice.ts';
import type { Pace } from '../options/pace.ts';
import type { RunFlags } from '../options/run-flags.ts';
import { withSecrets } from '../options/secrets.ts';
import { hasSelection } from '../options/selection.ts';
import { recipeJson, recipeTable, recipeText, valueText } from '../output/recipe-report.ts';
import type { Surroundings } from '../surroundings.ts';
import { announceJson } from './announce-json.ts';
import type { NamedDocument, NamedEntries } from './named-entries.ts';
import { withoutInput } from './rpc.ts';
import { runActionOn } from './run-action.ts';
import { withEngine } from './with-engine.ts';

/** Recipes under their names, and as documents. */
export const namedRecipes: NamedEntries<Recipe, Recipe> & NamedDocument = {
  noun: 'recipe',
  malformed: 'recipe.malformed',
  of: ({ recipes }) => recipes,
  json: recipeJson,
  table: recipeTable,
  text: recipeText,
};

/** The nodes of a recipe. Errors: those of the filter. */
function choiceOf(target: Target): Result<NodeChoice> {
  if (target.kind === 'nodes') return ok({ kind: 'nodes', identities: target.identities });
  if (target.kind !== 'filter') return ok({ kind: 'named', target });
  const filter = parseFilter(target.filter);
  return filter.ok ? ok({ kind: 'filter', filter: filter.value, everything: filter.value.kind === 'all' }) : filter;
}

/** How a recipe goes over its nodes when it starts now. */
const paceOf = ({ options: { waitMs, ...pace } }: Recipe, now: () => number): Pace => ({
  ...pace,
  ...(waitMs === undefined ? {} : { untilMs: now() + waitMs }),
});

/** All inputs of one use as texts; answers know where they came from. */
function filled(recipe: Recipe, given: readonly GivenInput[]): Result<readonly GivenInput[]> {
  const inputs = filledInputs(recipe, Object.fromEntries(given.map(({ key, text }) => [key, text])));
  if (!inputs.ok) return inputs;
  const answers = new Map(given.map((one) => [one.key, one]));
  return ok(Object.entries(inputs.value).map(([key, value]) => answers.get(key) ?? { key, text: valueText(value) }));
}

/**
 * `muster recipes run`: runs a recipe with answers to what it asks for, on its nodes, or on those that flags choose. Flags about the pace go
 * before what the recipe has. The value is the exit code.
 */
export async function runRecipe(
  name: string,
  pairs: readonly string[],
  flags: RunFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  announceJson(flags, surroundings.stdout);
  if (readsInput(pairs) && flags.nodes === '-')
    return fail('usage.invalid', 'STDIN cannot be both an input and the list of nodes');
  const given = await readGiven(pairs, surroundings);
  if (!given.ok) return given;
  const rest = readsInput(pairs) ? withoutInput(surroundings) : surroundings;
  const isChosen = hasSelection(flags) || hasName(flags) || flags.nodes !== undefined || flags.discMethod !== undefined;
  const chosen = isChosen ? await chooseNodes(flags, rest) : ok(null);
  if (!chosen.ok) return chosen;
  return withEngine(rest, flags, 'online', async (engine) => {
    const found = await engine.recipes.get(name);
    if (!found.ok) return found;
    const recipe = found.value;
    const inputs = filled(recipe, given.value);
    if (!inputs.ok) return inputs;
    const choice = chosen.value === null ? choiceOf(recipe.target) : ok(chosen.value);
    if (!choice.ok) return choice;
    return runActionOn(
      engine,
      choice.value,
      {
        agent: recipe.agent,
        action: recipe.action,
        pace: paceOf(recipe, surroundings.now),
        inputs: async (definition) => {
          const all = await withSecrets(definition, inputs.value, rest);
          return all.ok ? readInputs(definition, all.value) : all;
        },
      },
      flags,
      rest,
    );
  });
}
