import type {
  EndpointParams,
  EndpointResult,
  Group,
  GroupDraft,
  ImportMode,
  Preset,
  PresetDocument,
  PresetDraft,
  Recipe,
  RecipeDraft,
} from '@muster/protocol/bridge';
import type { Result } from '@muster/protocol/errors';

/* What people keep under names. */

export interface PreferenceStore {
  getPreference(key: string): Promise<Result<EndpointResult<'preferences.get'>['value']>>;
  setPreference(key: string, value: EndpointParams<'preferences.set'>['value']): Promise<Result<void>>;
}

/** What groups come to, with all that is inside them. */
export interface ExpandedGroups {
  /** Sorted, each once. */
  readonly identities: readonly string[];
  readonly filters: readonly string[];
}

/** Presets and groups; what comes in is checked, but for names of groups. Names are found regardless of case. */
export interface SelectionStore {
  listPresets(): Promise<Result<Preset[]>>;
  /** Errors: `preset.unknown`. */
  getPreset(name: string): Promise<Result<Preset>>;
  /** Errors: `preset.unknown` for `previousName`, `preset.taken`. */
  savePreset(previousName: string | null, draft: PresetDraft, nowMs: number): Promise<Result<Preset>>;
  removePreset(name: string): Promise<Result<void>>;
  listGroups(): Promise<Result<Group[]>>;
  /** Errors: `group.unknown`. */
  getGroup(name: string): Promise<Result<Group>>;
  /** Errors: `group.unknown`, `group.taken`, `group.cycle`. */
  saveGroup(previousName: string | null, draft: GroupDraft, nowMs: number): Promise<Result<Group>>;
  /** Errors: `group.unknown`, `group.in_use`. */
  removeGroup(name: string): Promise<Result<void>>;
  /** Errors: `group.unknown`; `group.cycle` when the stored group `inside` is among what the groups contain. */
  expandGroups(names: readonly string[], inside: string | null): Promise<Result<ExpandedGroups>>;
  /** All or nothing. Errors: `preset.malformed`, `group.cycle`. */
  importSelections(
    document: PresetDocument,
    mode: ImportMode,
    nowMs: number,
  ): Promise<Result<EndpointResult<'presets.import'>>>;
  /** Grows with each change, also of other processes. */
  selectionRevision(): Promise<Result<number>>;
}

/** Recipes; each change grows the revision of the selections. */
export interface RecipeStore {
  listRecipes(): Promise<Result<Recipe[]>>;
  /** Errors: `recipe.unknown`. */
  getRecipe(name: string): Promise<Result<Recipe>>;
  /** Errors: `recipe.unknown` for `previousName`, `recipe.taken`. */
  saveRecipe(previousName: string | null, draft: RecipeDraft, nowMs: number): Promise<Result<Recipe>>;
  removeRecipe(name: string): Promise<Result<void>>;
  /** All or nothing. */
  importRecipes(
    drafts: readonly RecipeDraft[],
    mode: ImportMode,
    nowMs: number,
  ): Promise<Result<EndpointResult<'recipes.import'>>>;
}
