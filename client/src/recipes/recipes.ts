import { recipeDraftShape, type RecipeDraft } from '@muster/protocol/bridge';
import type { ActionDefinition } from '@muster/protocol/ddl';
import { ok, type Result } from '@muster/protocol/errors';
import type { Clock } from '@muster/runtime/effects';
import type { Recipes } from '../engine/parts/selections.ts';
import type { InventoryReader, RecipeStore } from '../storage/index.ts';
import { checkRecipe } from './check-recipe.ts';
import { readRecipes } from './read-recipes.ts';

/** Recipes of this console. Windows hear of changes as they do of presets. */
export function createRecipes(options: {
  readonly storage: RecipeStore & Pick<InventoryReader, 'agents'>;
  readonly clock: Clock;
  /** Tells everybody that something with a name has changed. */
  readonly tell: () => Promise<void>;
}): Recipes {
  const { storage, clock, tell } = options;

  async function actionOf({ agent, action }: RecipeDraft): Promise<Result<ActionDefinition | null>> {
    const agents = await storage.agents();
    if (!agents.ok) return agents;
    const known = agents.value.find(({ ddl }) => ddl.name === agent);
    return ok(known?.ddl.actions.find(({ name }) => name === action) ?? null);
  }

  async function checked(draft: RecipeDraft): Promise<Result<RecipeDraft>> {
    const action = await actionOf(draft);
    return action.ok ? checkRecipe(draft, action.value) : action;
  }

  async function told<T>(change: Promise<Result<T>>): Promise<Result<T>> {
    const done = await change;
    if (done.ok) await tell();
    return done;
  }

  return {
    list: () => storage.listRecipes(),
    get: (name) => storage.getRecipe(name),
    async save({ previousName, recipe }) {
      const draft = await checked(recipe);
      return draft.ok ? told(storage.saveRecipe(previousName ?? null, draft.value, clock())) : draft;
    },
    remove: (name) => told(storage.removeRecipe(name)),
    async export() {
      const all = await storage.listRecipes();
      if (!all.ok) return all;
      // Without the times, which belong to this console: the shape leaves out what it does not know.
      return ok({ protocol: 'muster.recipes.v1', recipes: all.value.map((recipe) => recipeDraftShape.parse(recipe)) });
    },
    async import(document, mode) {
      const read = await readRecipes(document, checked);
      return read.ok ? told(storage.importRecipes(read.value, mode, clock())) : read;
    },
  };
}
