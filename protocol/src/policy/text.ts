import { fail, type ErrorCode, type Fault, type Result } from '../errors/index.ts';
import type { PolicyFault } from './policy.ts';

/** A part of a file's text, and where it begins in it, in UTF-16 code units. */
export interface Piece {
  readonly text: string;
  readonly start: number;
}

export interface Line extends Piece {
  /** From 1. */
  readonly line: number;
}

/** The lines of a file that say something: without blank ones and those that begin with `#`. */
export function* meaningfulLines(text: string): Generator<Line> {
  let start = 0;
  let line = 0;
  for (const raw of text.split('\n')) {
    line++;
    const content = raw.replace(/^\uFEFF/, '').trimEnd();
    const indented = content.trimStart();
    if (indented !== '' && !indented.startsWith('#')) {
      yield { line, text: indented, start: start + raw.indexOf(indented) };
    }
    start += raw.length + 1;
  }
}

/** Words with blanks between them; a regular expression between slashes is one word, blanks and all. */
export const wordsOf = ({ text, start }: Piece): readonly Piece[] =>
  Array.from(text.matchAll(/\/(?:[^/\\]|\\.)*\/[A-Za-z]*(?=[ \t]|$)|[^ \t]+/g), (match) => ({
    text: match[0],
    start: start + match.index,
  }));

/** A refusal that points at a piece. */
export const faultAt = (
  { text, start }: Piece,
  message: string,
  mend?: string,
  code: ErrorCode = 'policy.syntax',
): { readonly ok: false; readonly error: Fault } =>
  fail(code, message, { position: { start, end: start + text.length }, ...(mend === undefined ? {} : { mend }) });

/** The fault of reading a piece, with its position in the whole file. */
export function within<T>(piece: Piece, result: Result<T>): Result<T> {
  if (result.ok) return result;
  const { start, end } = result.error.position ?? { start: 0, end: piece.text.length };
  return { ok: false, error: { ...result.error, position: { start: piece.start + start, end: piece.start + end } } };
}

/** A fault with its line and column. */
export function placed(text: string, fault: Fault): PolicyFault {
  if (fault.position === undefined) return { fault, line: null, column: null };
  const before = text.slice(0, fault.position.start);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { fault, line: before.split('\n').length, column: before.length - lineStart + 1 };
}

/** A text as messages quote it. */
export const quoted = (text: string): string => `\`${text.length > 80 ? `${text.slice(0, 80)}…` : text}\``;
