import type { EndpointHandlers, Recipe } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';

type RecipeHandlers = Pick<EndpointHandlers, Extract<keyof EndpointHandlers, `recipes.${string}`>>;

const keyOf = (name: string) => name.trim().toLowerCase();
const soon = <T>(result: Result<T>) => Promise.resolve(result);

/** Recipes in memory, as far as the window needs them. */
export class FakeRecipes {
  readonly recipes = new Map<string, Recipe>();
  readonly #nowMs: () => number;
  readonly #changed: () => void;

  constructor(nowMs: () => number, changed: () => void) {
    this.#nowMs = nowMs;
    this.#changed = changed;
  }

  get #sorted(): Recipe[] {
    return [...this.recipes.values()].sort((a, b) => (keyOf(a.name) < keyOf(b.name) ? -1 : 1));
  }

  handlers(): RecipeHandlers {
    return {
      'recipes.list': () => soon(ok({ recipes: this.#sorted })),
      'recipes.save': ({ previousName, recipe }) => {
        const key = keyOf(recipe.name);
        const previous = previousName === undefined ? null : keyOf(previousName);
        if (previous !== key && this.recipes.has(key))
          return soon(fail('recipe.taken', `There is a recipe "${recipe.name}" already`));
        if (previous !== null) this.recipes.delete(previous);
        const nowMs = this.#nowMs();
        const saved = { ...recipe, createdAtMs: nowMs, updatedAtMs: nowMs };
        this.recipes.set(key, saved);
        this.#changed();
        return soon(ok({ recipe: saved }));
      },
      'recipes.remove': ({ name }) => {
        if (!this.recipes.delete(keyOf(name))) return soon(fail('recipe.unknown', `There is no recipe "${name}"`));
        this.#changed();
        return soon(ok({}));
      },
      'recipes.export': () => soon(ok({ document: { protocol: 'muster.recipes.v1', recipes: this.#sorted } })),
      'recipes.import': () => soon(fail('recipe.malformed', 'recipes[0] "web": the fake engine imports nothing')),
    };
  }
}
