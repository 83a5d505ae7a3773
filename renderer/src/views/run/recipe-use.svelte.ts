import type { Recipe } from '@muster/protocol/bridge';
import type { RecipeNaming } from '../../features/recipes/recipe-form-state.svelte.ts';
import { recipeDraft, type RecipesState } from '../../features/recipes/recipes-state.svelte.ts';
import { texts } from '../../texts/texts.ts';
import type { ComposeState } from './compose-state.svelte.ts';

/** What is written as a recipe: named like this, in place of a stored one, or as a new one for null. */
interface RecipeWriting {
  readonly naming: RecipeNaming;
  readonly previousName: string | null;
}

/** How the composer uses recipes: which list is shown, what the recipe in use asks for, and what is being written as one. */
export class RecipeUse {
  /** What was used last is shown first. */
  list = $state<'actions' | 'recipes'>('actions');
  /** Whether the inputs that the recipe does not ask for are shown too. */
  areAllShown = $state(false);
  readonly #inUse = $derived.by(() => this.#compose.recipe);
  /** Labels of the inputs that are asked for, by name; null for all inputs. */
  readonly asked = $derived.by<ReadonlyMap<string, string> | null>(() =>
    this.#inUse === null || this.areAllShown
      ? null
      : new Map(this.#inUse.prompts.map(({ input, label }) => [input, label])),
  );
  #writing = $state.raw<RecipeWriting | null>(null);
  readonly #compose: ComposeState;
  readonly #recipes: RecipesState;

  constructor(compose: ComposeState, recipes: RecipesState) {
    this.#compose = compose;
    this.#recipes = recipes;
    if (compose.recipe !== null) this.list = 'recipes';
  }

  /** Null while nothing is written. */
  get writing(): RecipeWriting | null {
    return this.#writing;
  }

  use(recipe: Recipe): void {
    this.#fillIn(recipe, false);
  }

  change(recipe: Recipe): void {
    this.#fillIn(recipe, true);
    this.#writing = { naming: recipeDraft(recipe), previousName: recipe.name };
  }

  duplicate(recipe: Recipe): void {
    this.#fillIn(recipe, true);
    this.#writing = { naming: { ...recipeDraft(recipe), name: texts.recipes.copyOf(recipe.name) }, previousName: null };
  }

  /** Writes what is composed as a recipe, or the recipe in use with what was changed. */
  write(): void {
    const stored = this.#stored(this.#compose.recipe?.name);
    this.#writing =
      stored === undefined
        ? { naming: { name: '', description: '', tags: [] }, previousName: null }
        : { naming: recipeDraft(stored), previousName: stored.name };
  }

  /** What was written is stored under this name, and is used from now on. */
  saved(name: string): void {
    this.#writing = null;
    this.list = 'recipes';
    this.areAllShown = false;
    const stored = this.#stored(name);
    if (stored !== undefined) this.#compose.useRecipe(stored);
  }

  leave(): void {
    this.#writing = null;
  }

  #fillIn(recipe: Recipe, areAllShown: boolean): void {
    this.areAllShown = areAllShown;
    this.#compose.useRecipe(recipe);
  }

  #stored(name: string | undefined): Recipe | undefined {
    return this.#recipes.recipes?.find((recipe) => recipe.name === name);
  }
}
