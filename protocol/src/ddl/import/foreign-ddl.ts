/** An input or an output, with whatever properties its author gave it. */
export type ForeignItem = Readonly<Record<string, unknown>> & { readonly name: string };

/** A call such as `summary(:status, …)`: the function, the output, more arguments; then its options, null for none. */
export type ForeignAggregate = readonly [readonly unknown[], unknown];

export interface ForeignAction {
  readonly name: string;
  readonly description: string;
  readonly inputs: readonly ForeignItem[];
  readonly outputs: readonly ForeignItem[];
  readonly aggregate: readonly ForeignAggregate[];
  readonly display?: string;
}

/**
 * What a DDL of MCollective or Choria says, whichever language it was written in: all values are JSON, symbols are texts,
 * and regular expressions are as Ruby prints them, `(?-mix:^a$)`. A data plugin has one action, `dataquery`.
 */
export interface ForeignDdl {
  readonly meta: Readonly<Record<string, unknown>>;
  readonly actions: readonly ForeignAction[];
  readonly requires?: readonly Readonly<Record<string, unknown>>[];
  readonly usage?: string;
}
