import { nameKey } from '@muster/client/presets';
import type { RecipeStore } from '@muster/client/storage';
import type { Recipe, RecipeDraft } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';

const soon = <T>(result: Result<T>) => Promise.resolve(result);

/** Recipes in memory. */
export function memoryRecipes(): RecipeStore {
  const recipes = new Map<string, Recipe>();
  const find = (name: string): Result<Recipe> => {
    const recipe = recipes.get(nameKey(name));
    return recipe === undefined ? fail('recipe.unknown', `There is no recipe "${name}"`) : ok(recipe);
  };
  const put = (draft: RecipeDraft, nowMs: number): Recipe => {
    const recipe = { ...draft, createdAtMs: nowMs, updatedAtMs: nowMs };
    recipes.set(nameKey(draft.name), recipe);
    return recipe;
  };
  return {
    listRecipes: () => soon(ok([...recipes.values()])),
    getRecipe: (name) => soon(find(name)),
    saveRecipe: (_previousName, draft, nowMs) => soon(ok(put(draft, nowMs))),
    removeRecipe(name) {
      const found = find(name);
      recipes.delete(nameKey(name));
      return soon(found.ok ? ok(undefined) : found);
    },
    importRecipes(drafts, mode, nowMs) {
      const here = drafts.filter(({ name }) => recipes.has(nameKey(name)));
      const taken = mode === 'replace' ? drafts : drafts.filter((draft) => !here.includes(draft));
      for (const draft of taken) put(draft, nowMs);
      const kept = drafts.length - taken.length;
      return soon(ok({ added: drafts.length - here.length, replaced: here.length - kept, kept }));
    },
  };
}
