import type {
  EndpointParams,
  EndpointResult,
  Group,
  ImportMode,
  ListedGroup,
  Preset,
  PresetDocument,
  Recipe,
  RecipeDocument,
} from '@muster/protocol/bridge';
import type { Result } from '@muster/protocol/errors';
import type { Stop } from '../engine.ts';

/** Filter presets; and presets and groups as one document. Names are found regardless of case. */
export interface Presets {
  list(): Promise<Result<readonly Preset[]>>;
  /** Errors: `preset.unknown`. */
  get(name: string): Promise<Result<Preset>>;
  /** Errors: see `presets.save` of the window's contract; so for all that follow. */
  save(params: EndpointParams<'presets.save'>): Promise<Result<Preset>>;
  remove(name: string): Promise<Result<void>>;
  export(): Promise<Result<PresetDocument>>;
  import(document: unknown, mode: ImportMode): Promise<Result<EndpointResult<'presets.import'>>>;
  /** Grows with each change of presets or groups. */
  revision(): Promise<Result<number>>;
  /** Told of each new revision, from now on; of what other processes change within some seconds. */
  onChange(listener: (revision: number) => void): Stop;
}

/** Runs that are kept under names. Names are found regardless of case; listeners of presets are told of changes. */
export interface Recipes {
  list(): Promise<Result<readonly Recipe[]>>;
  /** Errors: `recipe.unknown`. */
  get(name: string): Promise<Result<Recipe>>;
  /** Errors: see `recipes.save` of the window's contract; so for all that follow. */
  save(params: EndpointParams<'recipes.save'>): Promise<Result<Recipe>>;
  remove(name: string): Promise<Result<void>>;
  export(): Promise<Result<RecipeDocument>>;
  import(document: unknown, mode: ImportMode): Promise<Result<EndpointResult<'recipes.import'>>>;
}

/** Groups of nodes. */
export interface Groups {
  list(): Promise<Result<readonly ListedGroup[]>>;
  /** Errors: `group.unknown`. */
  get(name: string): Promise<Result<Group>>;
  save(params: EndpointParams<'groups.save'>): Promise<Result<Group>>;
  remove(name: string): Promise<Result<void>>;
  members(params: EndpointParams<'groups.members'>): Promise<Result<EndpointResult<'groups.members'>>>;
}

/** What the window remembers between starts. */
export interface Preferences {
  get(key: string): Promise<Result<EndpointResult<'preferences.get'>['value']>>;
  set(key: string, value: EndpointParams<'preferences.set'>['value']): Promise<Result<void>>;
}
