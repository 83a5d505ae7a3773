import type { RegexOperator, TextOperator } from './ast.ts';

/** Fields as a form shows them: `value` is text, or the source of a regular expression when the operator is `=~` or `!~`. */
interface ComparisonFields {
  readonly operator: TextOperator | RegexOperator;
  readonly value: string;
  /** `i`, `m`, `s`, for the regular expression operators; else empty. */
  readonly flags: string;
}

export type FactRow = ComparisonFields & { readonly subject: 'fact'; readonly path: string };

export type DataRow = ComparisonFields & {
  readonly subject: 'data';
  readonly plugin: string;
  readonly argument?: string;
  readonly output: string;
};

/** `=` is the name itself (for identities also globs and ranges), `==` the name letter by letter, `=~` a regular expression. */
export interface NameRow {
  readonly subject: 'class' | 'agent' | 'collective' | 'identity';
  readonly operator: '=' | '==' | '=~';
  readonly value: string;
  readonly flags: string;
}

export type BuilderFields = FactRow | DataRow | NameRow;

/** One condition as a line of the form. */
export interface BuilderRow {
  readonly kind: 'row';
  readonly negated: boolean;
  readonly fields: BuilderFields;
}

/** A part of the filter that is shown and edited as text. */
export interface BuilderText {
  readonly kind: 'text';
  readonly text: string;
}

/** Children joined by "all of these" or "any of these", perhaps turned round as a whole. Only the outermost may be empty. */
export interface BuilderGroup {
  readonly kind: 'group';
  readonly mode: 'all' | 'any';
  readonly negated: boolean;
  readonly children: readonly BuilderItem[];
}

export type BuilderItem = BuilderGroup | BuilderRow | BuilderText;
