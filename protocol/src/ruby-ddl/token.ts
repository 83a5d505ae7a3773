/** Text, and tokens of what stands in `#{…}` between it. */
export type TextPart = string | readonly Token[];

interface Place {
  /** Offset of its first character. */
  readonly at: number;
  /** Whether a blank stands before it, which in Ruby tells `a [1]` from `a[1]`. */
  readonly spaced: boolean;
}

export type Token = Place &
  (
    | { readonly kind: 'newline' | 'end of text' }
    | { readonly kind: 'name' | 'constant' | 'keyword' | 'operator'; readonly text: string }
    | { readonly kind: 'number'; readonly value: number }
    /** `name:` or `"name":` in a hash. */
    | { readonly kind: 'label'; readonly parts: readonly TextPart[] }
    | { readonly kind: 'string' | 'symbol'; readonly parts: readonly TextPart[] }
    | { readonly kind: 'regex'; readonly parts: readonly TextPart[]; readonly flags: string }
    /** `%w[…]` and `%i[…]`. */
    | { readonly kind: 'words'; readonly words: readonly string[]; readonly symbols: boolean }
  );

export const keywords: ReadonlySet<string> = new Set([
  'and',
  'begin',
  'break',
  'case',
  'class',
  'def',
  'do',
  'else',
  'elsif',
  'end',
  'ensure',
  'false',
  'for',
  'if',
  'in',
  'module',
  'next',
  'nil',
  'not',
  'or',
  'redo',
  'rescue',
  'retry',
  'return',
  'self',
  'then',
  'true',
  'undef',
  'unless',
  'until',
  'when',
  'while',
  'yield',
]);

/** Longest first, so that the first that fits is the one. */
export const operators: readonly string[] = [
  '<=>',
  '===',
  '||=',
  '&&=',
  '...',
  '**',
  '==',
  '!=',
  '=~',
  '!~',
  '=>',
  '<=',
  '>=',
  '<<',
  '>>',
  '&&',
  '||',
  '+=',
  '-=',
  '*=',
  '..',
  '::',
  '&.',
  '->',
  ...Array.from('+-*/%=<>!&|^~?:,.;()[]{}'),
];

/** Whether a value has just ended, so that what follows is an operator and no new value. */
export function endsValue(token: Token | undefined): boolean {
  switch (token?.kind) {
    case undefined:
    case 'newline':
    case 'end of text':
    case 'label':
      return false;
    case 'operator':
      return token.text === ')' || token.text === ']' || token.text === '}';
    case 'keyword':
      return ['end', 'true', 'false', 'nil', 'self'].includes(token.text);
    default:
      return true;
  }
}
