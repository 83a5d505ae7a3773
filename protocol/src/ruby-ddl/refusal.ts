import type { TextSpan } from '../errors/index.ts';

/** Thrown while a Ruby text is read, and caught where reading began: the text is broken, or does what only Ruby could do. */
export class RubyRefusal extends Error {
  readonly span: TextSpan;

  constructor(message: string, start: number, end = start + 1) {
    super(message);
    this.name = 'RubyRefusal';
    this.span = { start, end };
  }
}

/** Bounds of what is read; far above what DDLs need, and below what hurts. */
export const rubyLimits = {
  /** Longest file, in characters. */
  textLength: 512 * 1024,
  /** Deepest nesting of expressions, blocks and brackets. */
  depth: 60,
  /** Most expressions that are evaluated, loops counted each time. */
  steps: 200_000,
  /** Longest text that an expression may make, in characters. */
  madeText: 64 * 1024,
  /** Most elements that an expression may make. */
  madeElements: 10_000,
} as const;

/** Line and column of an offset, both from 1; the column counts UTF-16 code units. */
export function lineAndColumn(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - (before.lastIndexOf('\n') + 1) + 1 };
}
