import { RubyRefusal, rubyLimits } from './refusal.ts';
import type { Token } from './token.ts';

/** How a token is called in an error. */
export function describeToken(token: Token): string {
  switch (token.kind) {
    case 'newline':
      return 'the end of the line';
    case 'end of text':
      return 'the end';
    case 'name':
    case 'constant':
    case 'keyword':
    case 'operator':
      return token.text;
    case 'number':
      return String(token.value);
    default:
      return `a ${token.kind}`;
  }
}

/** Tokens with a place among them, and how deep the parser is. */
export class TokenStream {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth: number;

  constructor(tokens: readonly Token[], depth: number) {
    this.#tokens = tokens;
    this.#depth = depth;
  }

  get depth(): number {
    return this.#depth;
  }

  get next(): Token {
    const token = this.#tokens[this.#at] ?? this.#tokens.at(-1);
    if (token === undefined) throw new TypeError('a list of tokens ends with the end of the text');
    return token;
  }

  /** The token behind the next one. */
  get following(): Token {
    return this.#tokens[this.#at + 1] ?? this.next;
  }

  advance(): Token {
    const token = this.next;
    if (this.#at < this.#tokens.length - 1) this.#at++;
    return token;
  }

  is(kind: 'operator' | 'keyword', ...texts: readonly string[]): boolean {
    const { next } = this;
    return next.kind === kind && texts.includes(next.text);
  }

  take(kind: 'operator' | 'keyword', ...texts: readonly string[]): Token | undefined {
    return this.is(kind, ...texts) ? this.advance() : undefined;
  }

  expect(kind: 'operator' | 'keyword', text: string): Token {
    const token = this.take(kind, text);
    if (token === undefined) throw this.refusal(`${text} is missing before ${describeToken(this.next)}`);
    return token;
  }

  skipNewlines(): void {
    while (this.next.kind === 'newline') this.#at++;
  }

  /** Ends of statements. */
  skipTerminators(): void {
    while (this.next.kind === 'newline' || this.is('operator', ';')) this.#at++;
  }

  refusal(message: string, token: Token = this.next): RubyRefusal {
    return new RubyRefusal(message, token.at);
  }

  /** Runs one level deeper. Refuses what is nested too deeply. */
  deeper<T>(read: () => T): T {
    if (++this.#depth > rubyLimits.depth) throw this.refusal('nested too deeply');
    const result = read();
    this.#depth--;
    return result;
  }
}
