import { createContext } from 'svelte';

/** How high the rows of every grid are now, in pixels; the same as the token `--row`. */
export interface RowHeight {
  readonly pixels: number;
}

export const [useRowHeight, provideRowHeight] = createContext<RowHeight>();
