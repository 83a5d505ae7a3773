import { recipeDocumentShape, type RecipeDraft } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { entryLabel, nameKey } from '../presets/index.ts';

const labelOf = (index: number, entry: unknown): string => entryLabel('recipes', index, entry);

/** An entry of a document that may be anything. */
function entryAt(document: unknown, index: number): unknown {
  const entries: unknown =
    typeof document === 'object' && document !== null ? Reflect.get(document, 'recipes') : undefined;
  return Array.isArray(entries) ? entries[index] : undefined;
}

/** The recipes of a document, each as it passes a check. Errors: `recipe.malformed`, which names the entry. */
export async function readRecipes(
  document: unknown,
  check: (draft: RecipeDraft) => Promise<Result<RecipeDraft>>,
): Promise<Result<readonly RecipeDraft[]>> {
  const parsed = recipeDocumentShape.safeParse(document);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const [list, index, ...rest] = issue?.path ?? [];
    if (list !== 'recipes' || typeof index !== 'number')
      return fail('recipe.malformed', 'This is no document of Muster recipes: "protocol" is not "muster.recipes.v1"', {
        mend: 'Use what `muster recipes export` wrote, or a newer Muster.',
      });
    const place = [labelOf(index, entryAt(document, index)), ...rest.map(String)].join(', ');
    return fail('recipe.malformed', `${place}: ${issue?.message ?? 'does not fit'}`);
  }
  const seen = new Set<string>();
  const checked: RecipeDraft[] = [];
  for (const [index, draft] of parsed.data.recipes.entries()) {
    const label = labelOf(index, draft);
    const fits = await check(draft);
    if (!fits.ok) return fail('recipe.malformed', `${label}: ${fits.error.message}`);
    const key = nameKey(fits.value.name);
    if (seen.has(key)) return fail('recipe.malformed', `${label}: the document has this name twice`);
    seen.add(key);
    checked.push(fits.value);
  }
  return ok(checked);
}
