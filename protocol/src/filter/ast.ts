/** A regular expression in RE2 syntax, searched anywhere in the text. */
export interface RegexMatcher {
  readonly kind: 'regex';
  /** Without the delimiters; a `/` stands unescaped. */
  readonly source: string;
  /** Some of `i`, `m` and `s`, each once, in this order. */
  readonly flags: string;
}

/** One name, compared letter by letter. */
export interface ExactMatcher {
  readonly kind: 'exact';
  readonly text: string;
}

/** A pattern over identities with at least one of `*`, `?`, `[a-c]` or a numeric range `[01-20]`. */
export interface GlobMatcher {
  readonly kind: 'glob';
  readonly pattern: string;
}

export type NameMatcher = ExactMatcher | RegexMatcher;
export type IdentityMatcher = NameMatcher | GlobMatcher;

/** Comparisons with a text; `==` in a filter's text is `=` here, `=>` is `>=` and `=<` is `<=`. */
export type TextOperator = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** Comparisons with a regular expression; `= /x/` and `!= /x/` in a filter's text end up here. */
export type RegexOperator = '=~' | '!~';

export interface TextComparison {
  readonly operator: TextOperator;
  readonly value: string;
}
export interface RegexComparison {
  readonly operator: RegexOperator;
  readonly value: RegexMatcher;
}
export type Comparison = TextComparison | RegexComparison;

/** `path` holds steps joined by dots; inside a step a dot or a backslash is escaped by a backslash (see `joinPath`). */
export type FactCondition = Comparison & { readonly kind: 'fact'; readonly path: string };

/** One output of a data plugin; without `argument` the plugin is called with none. */
export type DataCondition = Comparison & {
  readonly kind: 'data';
  readonly plugin: string;
  readonly argument?: string;
  readonly output: string;
};

export interface ClassCondition {
  readonly kind: 'class';
  readonly matcher: NameMatcher;
}
export interface AgentCondition {
  readonly kind: 'agent';
  readonly matcher: NameMatcher;
}
export interface CollectiveCondition {
  readonly kind: 'collective';
  readonly matcher: NameMatcher;
}
export interface IdentityCondition {
  readonly kind: 'identity';
  readonly matcher: IdentityMatcher;
}

/** What is true or false of a node by itself, without `and`, `or` and `not`. */
export type Condition =
  FactCondition | DataCondition | ClassCondition | AgentCondition | CollectiveCondition | IdentityCondition;

/** The empty filter: every node. */
export interface AllNodes {
  readonly kind: 'all';
}
/** `operands` are two or more; build it with {@link conjunction} or {@link disjunction} when the number is open. */
export interface Conjunction {
  readonly kind: 'and';
  readonly operands: readonly FilterExpression[];
}
/** `operands` are two or more, as in a {@link Conjunction}. */
export interface Disjunction {
  readonly kind: 'or';
  readonly operands: readonly FilterExpression[];
}
export interface Negation {
  readonly kind: 'not';
  readonly operand: FilterExpression;
}

/** A parsed filter: plain data, so it may cross processes, though its text is the better form for that. */
export type FilterExpression = AllNodes | Conjunction | Disjunction | Negation | Condition;

export const allNodes: AllNodes = { kind: 'all' };

/** Every filter at once: `all` is dropped, nested conjunctions are flattened, no filters at all select every node. */
export function conjunction(filters: readonly FilterExpression[]): FilterExpression {
  const operands = filters.flatMap((filter) =>
    filter.kind === 'and' ? filter.operands : filter.kind === 'all' ? [] : [filter],
  );
  const [only] = operands;
  if (only === undefined) return allNodes;
  return operands.length === 1 ? only : { kind: 'and', operands };
}

/** At least one of the filters: `all` among them makes it `all`, nested disjunctions are flattened, none at all select every node. */
export function disjunction(filters: readonly FilterExpression[]): FilterExpression {
  const operands = filters.flatMap((filter) => (filter.kind === 'or' ? filter.operands : [filter]));
  const [only] = operands;
  if (only === undefined || operands.some((operand) => operand.kind === 'all')) return allNodes;
  return operands.length === 1 ? only : { kind: 'or', operands };
}
