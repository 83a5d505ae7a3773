/** A state of the window worth looking at. */
export interface Scene {
  /** Begins the names of its pictures. */
  readonly name: string;
  /** An earlier scene of the stage that leads here; without one it is shown from wherever the window is. */
  readonly after?: string;
  show(): Promise<void>;
}

/** Scenes in one window. */
export interface Stage {
  readonly title: string;
  /** In the order in which they are shown. */
  readonly scenes: readonly Scene[];
  /** Opens the window; resolves with what undoes that. */
  enter(): Promise<() => Promise<void>>;
}

/** What a run of the pictures does. */
export interface ShownScenes {
  /** Names of the scenes to show, with those that only lead to a chosen one. */
  readonly shown: ReadonlySet<string>;
  /** Names of the scenes to take pictures of. */
  readonly taken: ReadonlySet<string>;
}

const matches = (name: string, wanted: string): boolean =>
  wanted.endsWith('*') ? name.startsWith(wanted.slice(0, -1)) : name === wanted;

/** Those of the wanted names that no scene has; `puppet*` stands for every scene whose name begins like this. */
export const unknownNames = (scenes: readonly Scene[], wanted: readonly string[]): string[] =>
  wanted.filter((one) => !scenes.some(({ name }) => matches(name, one)));

/** Chooses scenes by name and adds the ones that lead there; without a name all are chosen. */
export function chooseScenes(scenes: readonly Scene[], wanted: readonly string[]): ShownScenes {
  const chosen = scenes.filter(({ name }) => wanted.length === 0 || wanted.some((one) => matches(name, one)));
  const taken = new Set(chosen.map(({ name }) => name));
  const shown = new Set(taken);
  // A scene stands behind the one that it begins at, so one way back over the list meets the whole chain.
  for (const { name, after } of scenes.toReversed()) if (after !== undefined && shown.has(name)) shown.add(after);
  return { shown, taken };
}
