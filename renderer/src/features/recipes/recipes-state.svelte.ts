import type { BridgeClient, EndpointResult, ImportMode, Recipe, RecipeDraft } from '@muster/protocol/bridge';
import type { Fault, Result } from '@muster/protocol/errors';
import { readJsonFile } from '../selections/read-json-file.ts';

type ImportCounts = EndpointResult<'recipes.import'>;

/** A stored recipe as one to be written again. */
export function recipeDraft(recipe: Recipe): RecipeDraft {
  const { name, description, tags, agent, action, inputs, prompts, target, options } = recipe;
  return { name, description, tags, agent, action, inputs, prompts, target, options };
}

/** The recipes, as they are now, here or in another process. */
export class RecipesState {
  #recipes = $state.raw<readonly Recipe[] | null>(null);
  #fault = $state.raw<Fault | null>(null);
  #removed = $state.raw<RecipeDraft | null>(null);
  readonly #bridge: BridgeClient;
  readonly #stop: () => void;

  constructor(bridge: BridgeClient) {
    this.#bridge = bridge;
    this.#stop = bridge.follow('presets.changes', {}, () => void this.load());
    void this.load();
  }

  /** By name; null until they are here. */
  get recipes(): readonly Recipe[] | null {
    return this.#recipes;
  }
  /** Why the last thing did not work. */
  get fault(): Fault | null {
    return this.#fault;
  }
  /** The recipe that was deleted last and can be brought back. */
  get removed(): RecipeDraft | null {
    return this.#removed;
  }

  async load(): Promise<void> {
    const listed = await this.#bridge.call('recipes.list', {});
    if (listed.ok) this.#recipes = listed.value.recipes;
    this.#fault = listed.ok ? null : listed.error;
  }

  async save(recipe: RecipeDraft, previousName: string | null): Promise<Result<Recipe>> {
    const saved = await this.#bridge.call('recipes.save', {
      recipe,
      ...(previousName === null ? {} : { previousName }),
    });
    if (saved.ok) await this.load();
    return saved.ok ? { ok: true, value: saved.value.recipe } : saved;
  }

  /** Deletes a recipe; {@link restore} brings it back. */
  async remove(recipe: Recipe): Promise<void> {
    const removed = await this.#bridge.call('recipes.remove', { name: recipe.name });
    if (removed.ok) this.#removed = recipeDraft(recipe);
    await this.#settle(removed);
  }

  async restore(): Promise<void> {
    const recipe = this.#removed;
    this.#removed = null;
    if (recipe !== null) await this.#settle(await this.#bridge.call('recipes.save', { recipe }));
  }

  forgetRemoved(): void {
    this.#removed = null;
  }

  /** All recipes as a text for a file. */
  async exported(): Promise<Result<string>> {
    const exported = await this.#bridge.call('recipes.export', {});
    if (!exported.ok) this.#fault = exported.error;
    return exported.ok ? { ok: true, value: `${JSON.stringify(exported.value.document, null, 2)}\n` } : exported;
  }

  /** Takes over what a file holds; faults name the entry that is wrong. */
  async imported(text: string, mode: ImportMode): Promise<Result<ImportCounts>> {
    const document = readJsonFile(text, 'recipe.malformed');
    if (!document.ok) return document;
    const imported = await this.#bridge.call('recipes.import', { document: document.value, mode });
    if (imported.ok) await this.load();
    return imported;
  }

  dispose(): void {
    this.#stop();
  }

  async #settle(done: Result<unknown>): Promise<void> {
    if (done.ok) await this.load();
    else this.#fault = done.error;
  }
}
