/** What a data plugin says on one node; `known: false` means that the node has no such plugin. */
export type DataAnswer =
  | { readonly known: false }
  | { readonly known: true; readonly outputs: Readonly<Record<string, string | number | boolean>> };

/** All that a filter can ask about a node. */
export interface FilterNode {
  readonly identity: string;
  readonly collectives: readonly string[];
  /** JSON values of any shape; only own properties are looked at. */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly classes: readonly string[];
  readonly agents: readonly string[];
  /** Answers gathered beforehand for {@link dataQueries}; without it the node has no data plugins. An absent argument is `''`. */
  readonly data?: (plugin: string, argument: string) => DataAnswer;
}
