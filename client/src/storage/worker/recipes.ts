import type { Database } from 'better-sqlite3';
import type { EndpointResult, ImportMode, Recipe, RecipeDraft } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { nameKey } from '../../presets/selection-name.ts';
import { jsonColumn } from './json-column.ts';

type Imported = EndpointResult<'recipes.import'>;

interface RecipeRow {
  recipe: string;
  created_at_ms: number;
  updated_at_ms: number;
}

const draftColumn = jsonColumn<RecipeDraft>();

const rowToRecipe = (row: RecipeRow): Recipe => ({
  ...draftColumn.read(row.recipe),
  createdAtMs: row.created_at_ms,
  updatedAtMs: row.updated_at_ms,
});

/** Recipes. Drafts are checked before they come here. */
export function createRecipes(db: Database, changed: () => void) {
  const all = db.prepare<[], RecipeRow>('SELECT * FROM recipes ORDER BY key');
  const one = db.prepare<[string], RecipeRow>('SELECT * FROM recipes WHERE key = ?');
  const rename = db.prepare('UPDATE recipes SET key = ? WHERE key = ?');
  const remove = db.prepare('DELETE FROM recipes WHERE key = ?');
  const insert = db.prepare(`
    INSERT INTO recipes (key, recipe, created_at_ms, updated_at_ms) VALUES (@key, @recipe, @nowMs, @nowMs)
    ON CONFLICT (key) DO UPDATE SET recipe = excluded.recipe, updated_at_ms = excluded.updated_at_ms`);
  const write = (draft: RecipeDraft, nowMs: number) =>
    insert.run({ key: nameKey(draft.name), recipe: draftColumn.write(draft), nowMs });
  const isHere = ({ name }: RecipeDraft) => one.get(nameKey(name)) !== undefined;
  const unknown = (name: string) => fail('recipe.unknown', `There is no recipe "${name}"`);

  function getRecipe(name: string): Result<Recipe> {
    const row = one.get(nameKey(name));
    return row === undefined ? unknown(name) : ok(rowToRecipe(row));
  }

  const save = db.transaction((previousName: string | null, draft: RecipeDraft, nowMs: number): Result<Recipe> => {
    const key = nameKey(draft.name);
    const previous = previousName === null ? null : nameKey(previousName);
    if (previousName !== null && one.get(nameKey(previousName)) === undefined) return unknown(previousName);
    if (key !== previous) {
      if (isHere(draft)) return fail('recipe.taken', `There is a recipe "${draft.name}" already`);
      if (previous !== null) rename.run(key, previous);
    }
    write(draft, nowMs);
    changed();
    return getRecipe(draft.name);
  });

  const take = db.transaction((drafts: readonly RecipeDraft[], mode: ImportMode, nowMs: number): Imported => {
    const before = drafts.filter(isHere).length;
    const wanted = mode === 'replace' ? drafts : drafts.filter((draft) => !isHere(draft));
    for (const draft of wanted) write(draft, nowMs);
    if (wanted.length > 0) changed();
    return {
      added: drafts.length - before,
      replaced: mode === 'replace' ? before : 0,
      kept: mode === 'keep' ? before : 0,
    };
  });

  const removeOne = db.transaction((name: string): Result<void> => {
    if (remove.run(nameKey(name)).changes === 0) return unknown(name);
    changed();
    return ok(undefined);
  });

  return {
    listRecipes: (): Result<Recipe[]> => ok(all.all().map(rowToRecipe)),
    getRecipe,
    saveRecipe: (previousName: string | null, draft: RecipeDraft, nowMs: number): Result<Recipe> =>
      save.immediate(previousName, draft, nowMs),
    removeRecipe: (name: string): Result<void> => removeOne.immediate(name),
    importRecipes: (drafts: readonly RecipeDraft[], mode: ImportMode, nowMs: number): Result<Imported> =>
      ok(take.immediate(drafts, mode, nowMs)),
  };
}
