/** What a child is to do; it comes as JSON in its one argument. */
export interface ChildOrders {
  /** Module of the target. */
  readonly file: string;
  /** Inputs to begin with, beside the target's own. */
  readonly seedFolder: string;
  /** Where inputs are put that are worth varying, and found again by a child that follows one that died. */
  readonly corpusFolder: string;
  /** File that always holds the input that is being tried: see `current-input.ts`. */
  readonly currentFile: string;
  readonly seed: number;
  readonly seconds: number;
  /** Ends after so many inputs, however long it takes; null for no such end. */
  readonly runs: number | null;
}

/** Memory in bytes. `heapBytes` is what is in use after a collection, without the inputs that are kept. */
export interface MemorySample {
  readonly heapBytes: number;
  readonly rssBytes: number;
}

export interface Progress {
  readonly executions: number;
  /** Places in the code under test: how many the inputs reach that were given, how many are reached now, and all. */
  readonly places: { readonly given: number; readonly reached: number; readonly all: number };
  readonly features: number;
  readonly corpus: { readonly inputs: number; readonly bytes: number };
  readonly memory: MemorySample;
}

/** Something that does not hold. */
export interface Finding {
  readonly kind: 'thrown' | 'hang' | 'death' | 'memory';
  /** The same for inputs that show the same fault, as far as that can be told. */
  readonly key: string;
  readonly text: string;
  readonly input: Uint8Array;
}

export type ChildMessage =
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'finding'; readonly finding: Finding }
  | { readonly type: 'done'; readonly progress: Progress; readonly seeds: readonly Uint8Array[] };
