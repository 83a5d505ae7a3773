/** `do |a, b| … end`, or the same in braces. */
export interface Block {
  readonly parameters: readonly string[];
  readonly body: readonly Expression[];
}

/** Everything in Ruby is an expression; `at` is the offset where it begins. */
export type Expression = { readonly at: number } & (
  | { readonly kind: 'nil' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly as: 'string' | 'symbol'; readonly parts: readonly (string | Expression)[] }
  | { readonly kind: 'regex'; readonly parts: readonly (string | Expression)[]; readonly flags: string }
  | { readonly kind: 'array'; readonly items: readonly Expression[] }
  | { readonly kind: 'hash'; readonly pairs: readonly (readonly [Expression, Expression])[] }
  /** A local variable, or a method of the DDL without arguments. */
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'constant'; readonly name: string }
  | {
      readonly kind: 'call';
      readonly receiver?: Expression;
      readonly name: string;
      readonly args: readonly Expression[];
      readonly block?: Block;
    }
  | { readonly kind: 'operation'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'not' | 'negate'; readonly operand: Expression }
  | { readonly kind: 'assign'; readonly name: string; readonly value: Expression }
  | {
      readonly kind: 'if';
      readonly test: Expression;
      readonly yes: readonly Expression[];
      readonly no: readonly Expression[];
    }
  | {
      readonly kind: 'case';
      readonly subject: Expression;
      readonly branches: readonly { readonly values: readonly Expression[]; readonly body: readonly Expression[] }[];
      readonly otherwise: readonly Expression[];
    }
  | { readonly kind: 'sequence'; readonly body: readonly Expression[] }
);
