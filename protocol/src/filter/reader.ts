import { fail, MusterError, type ErrorCode, type Fault } from '../errors/index.ts';
import type { RegexMatcher } from './ast.ts';
import { compileRegex, regexMatcher } from './regex.ts';

/** Operators as they may be written, the longer ones first. */
const operatorPattern = /==|=~|=>|=<|!=|!~|<=|>=|=|<|>/y;
const namePattern = /[\p{L}\p{M}\p{N}_:.-]+/uy;
const barePattern = /[^\s()'"]+/y;
const literalSlashMend = 'To compare with a text that begins with a slash, put it in quotes or use ==';

/** Reads the smallest pieces of a filter's text and knows where it stands. Refusals are thrown: {@link FilterRefusal}. */
export class Reader {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  ended(): boolean {
    return this.at >= this.text.length;
  }
  get next(): string {
    return this.text.charAt(this.at);
  }
  /** Whether a piece may end here: a blank, a closing parenthesis or the end follows. */
  atBoundary(): boolean {
    return this.ended() || /[\s)]/.test(this.next);
  }

  skipBlanks(): void {
    while (!this.ended() && /\s/.test(this.next)) this.at++;
  }

  take(text: string): boolean {
    if (!this.text.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  /** Letters, digits and `_ : . -`, or nothing. */
  bareName(): string {
    return this.#match(namePattern);
  }

  /** A value without quotes, or nothing. */
  bareValue(): string {
    return this.#match(barePattern);
  }

  operator(): string {
    return this.#match(operatorPattern);
  }

  /** Whether this word stands here as a word of the language and not as the name of a fact. */
  keyword(word: string): boolean {
    const start = this.at;
    if (this.bareName() === word && this.operator() === '') return true;
    this.at = start;
    return false;
  }

  /** The text between quotes, which begin here. */
  quoted(): string {
    const start = this.at;
    const quote = this.next;
    let value = '';
    for (this.at++; !this.ended(); this.at++) {
      const char = this.next;
      if (char === quote) {
        this.at++;
        return value;
      }
      if (char !== '\\') {
        value += char;
        continue;
      }
      this.at++;
      const escaped = { '\\': '\\', '"': '"', "'": "'", n: '\n', r: '\r', t: '\t' }[this.next];
      if (escaped === undefined && !this.ended()) {
        this.refuse(
          `Expected a quote, \\, n, r or t after the backslash, not \`${this.next}\``,
          this.at - 1,
          this.at + 1,
          {
            mend: 'Write \\\\ for a backslash; a regular expression goes between slashes',
          },
        );
      }
      value += escaped ?? '';
    }
    return this.refuse(`The text is not closed: expected ${quote}`, start, this.text.length, {
      mend: `Add the closing ${quote}`,
    });
  }

  /** `/source/flags`, which begins here; a slash inside is written `\/`. */
  regex(): RegexMatcher {
    const start = this.at;
    const [whole, source = '', flags = ''] =
      /^\/((?:[^/\\]|\\[\s\S])*)\/([A-Za-z]*)/.exec(this.text.slice(start)) ?? [];
    if (whole === undefined) {
      this.refuse('The regular expression is not closed: expected /', start, this.text.length, {
        code: 'filter.regex',
        mend: `Add the closing slash. ${literalSlashMend}`,
      });
    }
    this.at = start + whole.length;
    return this.checkedRegex(regexMatcher(source, flags), start, this.at);
  }

  /** The same regular expression when it compiles. */
  checkedRegex(matcher: RegexMatcher, start: number, end: number): RegexMatcher {
    const compiled = compileRegex(matcher);
    return compiled.ok ? matcher : this.refuseWith(compiled.error, start, end);
  }

  /** The character or the end that stands here, for messages. */
  found(): string {
    return this.ended() ? 'the end' : `\`${String.fromCodePoint(this.text.codePointAt(this.at) ?? 0)}\``;
  }

  /** Refuses what stands here because something else was expected. */
  unexpected(expected: string, mend?: string): never {
    return this.refuse(`Expected ${expected}, found ${this.found()}`, this.at, this.at + (this.ended() ? 0 : 1), {
      mend,
    });
  }

  refuse(
    message: string,
    start: number,
    end: number,
    more: { readonly code?: ErrorCode; readonly mend?: string | undefined } = {},
  ): never {
    const { code = 'filter.syntax', mend } = more;
    throw new FilterRefusal(
      fail(code, message, { ...(mend === undefined ? {} : { mend }), position: { start, end } }).error,
    );
  }

  refuseWith(fault: Fault, start: number, end: number): never {
    throw new FilterRefusal({ ...fault, position: { start, end } });
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const [found = ''] = pattern.exec(this.text) ?? [];
    this.at += found.length;
    return found;
  }
}

/** How a refusal travels from deep in a filter's text to the parser's entry, where it becomes a value. */
export class FilterRefusal extends MusterError {}
