import { RubyRefusal } from './refusal.ts';
import type { TextPart, Token } from './token.ts';

/** Where a text between quotes ends, and how it is read. */
export interface QuotedText {
  readonly close: string;
  /** The bracket that nests, in `%q(a (b) c)`. */
  readonly open?: string;
  /** Backslashes stand for other characters, and `#{…}` for values. */
  readonly interpolates: boolean;
  /** Backslashes stay, for a regular expression reads them itself. */
  readonly keepsEscapes?: boolean;
}

const simpleEscapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  s: ' ',
  r: '\r',
  e: '\u001b',
  a: '\u0007',
  b: '\b',
  f: '\f',
  v: '\v',
  '0': '\0',
  '\n': '',
};

/** What the escape after a backslash at `at` stands for, and how long it is without the backslash. */
function readEscape(text: string, at: number): { readonly value: string; readonly length: number } {
  const char = text.charAt(at);
  const code = /^(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{1,2}))/.exec(text.slice(at, at + 9));
  if (code !== null) {
    const point = parseInt(code[1] ?? code[2] ?? code[3] ?? '', 16);
    if (point > 0x10ffff) throw new RubyRefusal('there is no such character', at);
    return { value: String.fromCodePoint(point), length: code[0].length };
  }
  return { value: Object.hasOwn(simpleEscapes, char) ? (simpleEscapes[char] ?? '') : char, length: 1 };
}

/** Gathers the pieces of one text. */
export class TextParts {
  readonly #parts: TextPart[] = [];
  #text = '';

  add(text: string): void {
    this.#text += text;
  }
  embed(tokens: readonly Token[]): void {
    if (this.#text !== '') this.#parts.push(this.#text);
    this.#text = '';
    this.#parts.push(tokens);
  }
  list(): readonly TextPart[] {
    return this.#text === '' && this.#parts.length > 0 ? this.#parts : [...this.#parts, this.#text];
  }
}

/**
 * Reads one character, escape or embedded value at `at`, where no end stands, and returns the offset behind it.
 * `embedded` reads the tokens after `#{` and returns the offset behind its `}`.
 */
export function readPiece(
  text: string,
  at: number,
  quoted: QuotedText,
  parts: TextParts,
  embedded: (at: number) => { readonly tokens: readonly Token[]; readonly end: number },
): number {
  const char = text.charAt(at);
  if (char === '\\' && at + 1 < text.length) {
    const next = text.charAt(at + 1);
    if (quoted.keepsEscapes === true) {
      parts.add(next === '/' && quoted.close === '/' ? '\\/' : char + next);
      return at + 2;
    }
    if (quoted.interpolates) {
      const { value, length } = readEscape(text, at + 1);
      parts.add(value);
      return at + 1 + length;
    }
    const escapes = next === '\\' || next === quoted.close || next === quoted.open;
    parts.add(escapes ? next : char);
    return at + (escapes ? 2 : 1);
  }
  if (quoted.interpolates && char === '#' && text.charAt(at + 1) === '{') {
    const { tokens, end } = embedded(at + 2);
    parts.embed(tokens);
    return end;
  }
  parts.add(char);
  return at + 1;
}
