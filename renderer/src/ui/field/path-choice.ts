import { createContext } from 'svelte';

export type PathKind = 'file' | 'folder';

/** Asks a person for a path with the system's own dialog; null when none was chosen. */
export type ChoosePath = (kind: PathKind) => Promise<string | null>;

/** How paths are chosen; null in a browser, which tells no page where a file lies. */
export const [useChoosePath, provideChoosePath] = createContext<ChoosePath | null>();
