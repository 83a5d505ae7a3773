import { filledInputs } from '@muster/client/recipes';
import type { ImportMode, Recipe, RunOrder, Target } from '@muster/protocol/bridge';
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
import { cleanJson } from '../output/clean-text.ts';
import { exitCodes } from '../output/exit-code.ts';
import { recipeJson, recipeTable, recipeText } from '../output/recipe-report.ts';
import type { Surroundings } from '../surroundings.ts';
import { announceJson } from './announce-json.ts';
import { withTags, type HomeFlags, type ListFlags } from './presets.ts';
import { withoutInput } from './rpc.ts';
import { runActionOn } from './run-action.ts';
import { withEngine } from './with-engine.ts';

export async function listRecipes(flags: ListFlags, surroundings: Surroundings): Promise<Result<number>> {
  return withEngine(surroundings, flags, 'offline', async ({ recipes }) => {
    const listed = await recipes.list();
    if (!listed.ok) return listed;
    const chosen = withTags(listed.value, flags.tag);
    const { stdout } = surroundings;
    if (flags.json === true) stdout.write(`${cleanJson(chosen.map(recipeJson), 1)}\n`);
    else stdout.write(chosen.length === 0 ? 'There are no recipes.\n' : recipeTable(chosen));
    return ok(exitCodes.ok);
  });
}

export async function showRecipe(name: string, flags: HomeFlags, surroundings: Surroundings): Promise<Result<number>> {
  return withEngine(surroundings, flags, 'offline', async ({ recipes }) => {
    const recipe = await recipes.get(name);
    if (!recipe.ok) return recipe;
    const { stdout } = surroundings;
    stdout.write(flags.json === true ? `${cleanJson(recipeJson(recipe.value), 1)}\n` : recipeText(recipe.value));
    return ok(exitCodes.ok);
  });
}

export async function removeRecipe(
  name: string,
  flags: HomeFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  return withEngine(surroundings, flags, 'offline', async ({ recipes }) => {
    const removed = await recipes.remove(name);
    if (!removed.ok) return removed;
    surroundings.stdout.write(flags.json === true ? `${cleanJson({ removed: name })}\n` : `Removed recipe ${name}.\n`);
    return ok(exitCodes.ok);
  });
}

/** `muster recipes export`: the document goes to STDOUT. */
export async function exportRecipes(flags: HomeFlags, surroundings: Surroundings): Promise<Result<number>> {
  return withEngine(surroundings, flags, 'offline', async ({ recipes }) => {
    const document = await recipes.export();
    if (!document.ok) return document;
    surroundings.stdout.write(`${cleanJson(document.value, 2)}\n`);
    return ok(exitCodes.ok);
  });
}

function parsed(text: string, source: string): Result<unknown> {
  try {
    return ok(JSON.parse(text) as unknown); // whatever it is, it is looked at before it is used
  } catch (error) {
    return fail('recipe.malformed', `${source} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

export async function importRecipes(
  file: string,
  flags: HomeFlags & { readonly mode: ImportMode },
  surroundings: Surroundings,
): Promise<Result<number>> {
  const { stdin, stdout } = surroundings;
  const text = file === '-' ? await stdin.readAll({}) : await surroundings.readFile(file);
  if (!text.ok) return text;
  const document = parsed(text.value ?? '', file === '-' ? 'STDIN' : file);
  if (!document.ok) return document;
  return withEngine(surroundings, flags, 'offline', async ({ recipes }) => {
    const imported = await recipes.import(document.value, flags.mode);
    if (!imported.ok) return imported;
    const { added, replaced, kept } = imported.value;
    stdout.write(
      flags.json === true
        ? `${cleanJson(imported.value)}\n`
        : `${added} added, ${replaced} replaced, ${kept} kept as they were.\n`,
    );
    return ok(exitCodes.ok);
  });
}

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

const asText = (value: RunOrder['inputs'][string]): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

/** All inputs of one use as texts; answers know where they came from. */
function filled(recipe: Recipe, given: readonly GivenInput[]): Result<readonly GivenInput[]> {
  const inputs = filledInputs(recipe, Object.fromEntries(given.map(({ key, text }) => [key, text])));
  if (!inputs.ok) return inputs;
  const answers = new Map(given.map((one) => [one.key, one]));
  return ok(Object.entries(inputs.value).map(([key, value]) => answers.get(key) ?? { key, text: asText(value) }));
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
