import { readHeredoc } from './heredoc.ts';
import { RubyRefusal, rubyLimits } from './refusal.ts';
import { readPiece, TextParts, type QuotedText } from './text-reader.ts';
import { endsValue, keywords, operators, type TextPart, type Token } from './token.ts';

/** A token without its place. */
type Bare = Token extends infer Kind ? (Kind extends Token ? Omit<Kind, 'at' | 'spaced'> : never) : never;

const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '<': '>' };
const namePattern = /[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*/y;
const numberPattern = /0[xX][\da-fA-F_]+|\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?/y;

/** Takes a Ruby text apart, as far as DDLs go. Throws {@link RubyRefusal}. */
export class Lexer {
  readonly text: string;
  #at: number;
  #tokens: Token[] = [];
  #spaced = false;
  #depth: number;
  /** Where the text goes on behind the heredocs that began on this line. */
  #behindHeredocs: number | undefined;

  constructor(text: string, at = 0, depth = 0) {
    this.text = text;
    this.#at = at;
    this.#depth = depth;
    if (depth > rubyLimits.depth) throw new RubyRefusal('nested too deeply', at);
  }

  /** All tokens to the end of the text, or to the `}` that closes an embedded value. */
  read(embedded = false): { readonly tokens: readonly Token[]; readonly end: number } {
    let braces = 0;
    for (;;) {
      this.#skipBlanks();
      const char = this.text.charAt(this.#at);
      if (char === '') {
        if (embedded) throw new RubyRefusal('a #{ is not closed', this.#at);
        break;
      }
      if (embedded && char === '}' && braces === 0) break;
      if (char === '{') braces++;
      if (char === '}') braces--;
      this.#readToken(char);
    }
    this.#push({ kind: 'end of text' });
    return { tokens: this.#tokens, end: this.#at + 1 };
  }

  #push(token: Bare, at = this.#at): void {
    this.#tokens.push({ ...token, at, spaced: this.#spaced });
    this.#spaced = false;
  }

  get #last(): Token | undefined {
    return this.#tokens.at(-1);
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.text)?.[0] ?? '';
  }

  #skipBlanks(): void {
    const start = this.#at;
    this.#at += this.#match(/(?:[ \t\r]+|\\\r?\n|#[^\n]*)*/y).length;
    const atLineStart = this.#at === 0 || this.text.charAt(this.#at - 1) === '\n';
    if (atLineStart && this.text.startsWith('=begin', this.#at)) {
      const end = /^=end.*$/m.exec(this.text.slice(this.#at));
      this.#at = end === null ? this.text.length : this.#at + end.index + end[0].length;
    }
    if (atLineStart && /^__END__\r?(\n|$)/.test(this.text.slice(this.#at, this.#at + 9))) this.#at = this.text.length;
    this.#spaced ||= this.#at > start;
  }

  #readToken(char: string): void {
    if (char === '\n') this.#readNewline();
    else if (/\d/.test(char)) this.#readNumber();
    else if (char === '"' || char === "'") this.#readString(char);
    else if (char === ':' && this.#readSymbol()) return;
    else if (/[A-Za-z_\u0080-\uffff]/.test(char)) this.#readName();
    else if (this.#startsValue() && this.#readSpecial(char)) return;
    else this.#readOperator();
  }

  #readNewline(): void {
    const at = this.#at;
    this.#at = this.#behindHeredocs ?? this.#at + 1;
    this.#behindHeredocs = undefined;
    // A line that begins with `.name` goes on with the line before.
    if (/^\s*(?:#[^\n]*\n\s*)*&?\.[a-z_]/.test(this.text.slice(this.#at, this.#at + 2000))) {
      this.#spaced = true;
      return;
    }
    this.#push({ kind: 'newline' }, at);
    this.#spaced = true;
  }

  #readNumber(): void {
    const at = this.#at;
    const digits = this.#match(numberPattern);
    this.#at += digits.length;
    this.#push({ kind: 'number', value: Number(digits.replaceAll('_', '')) }, at);
  }

  #readName(): void {
    const at = this.#at;
    let name = this.#match(namePattern);
    this.#at += name.length;
    const method = this.#last?.kind === 'operator' && (this.#last.text === '.' || this.#last.text === '&.');
    if (/^[?!](?![=~])/.test(this.text.slice(this.#at, this.#at + 2))) name += this.text.charAt(this.#at++);
    if (this.#labelFollows()) {
      this.#at++;
      this.#push({ kind: 'label', parts: [name] }, at);
    } else if (method) this.#push({ kind: 'name', text: name }, at);
    else if (keywords.has(name)) this.#push({ kind: 'keyword', text: name }, at);
    else this.#push({ kind: /^[A-Z]/.test(name) ? 'constant' : 'name', text: name }, at);
  }

  #labelFollows(): boolean {
    return this.text.charAt(this.#at) === ':' && this.text.charAt(this.#at + 1) !== ':';
  }

  #readString(quote: string): void {
    const at = this.#at++;
    const parts = this.#readQuoted({ close: quote, interpolates: quote === '"' });
    // `{"a": 1}`, but not `b ? "a": 1`.
    const opened = this.#last?.kind === 'operator' && /^[{,(]$/.test(this.#last.text);
    if (opened && this.#labelFollows()) {
      this.#at++;
      this.#push({ kind: 'label', parts }, at);
    } else this.#push({ kind: 'string', parts }, at);
  }

  #readSymbol(): boolean {
    const at = this.#at;
    const next = this.text.charAt(at + 1);
    if (next === '"' || next === "'") {
      this.#at += 2;
      this.#push({ kind: 'symbol', parts: this.#readQuoted({ close: next, interpolates: next === '"' }) }, at);
      return true;
    }
    const name = /^:([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*[?!]?)/.exec(this.text.slice(at, at + 200))?.[1];
    if (name === undefined) return false;
    this.#at += 1 + name.length;
    this.#push({ kind: 'symbol', parts: [name] }, at);
    return true;
  }

  /** Whether a value may begin here, rather than an operator: after an operator, or after a name as its argument. */
  #startsValue(): boolean {
    if (!endsValue(this.#last)) return true;
    const tight = /\S/.test(this.text.charAt(this.#at + 1)) && this.text.charAt(this.#at + 1) !== '=';
    return this.#last?.kind === 'name' && this.#spaced && tight;
  }

  #readSpecial(char: string): boolean {
    if (char === '/') return this.#readRegex('/', undefined, 1);
    if (char === '%') return this.#readPercent();
    if (char === '`') throw new RubyRefusal('a DDL is read without running commands', this.#at);
    return char === '<' && this.#readHeredoc();
  }

  #readRegex(close: string, open: string | undefined, prefix: number): boolean {
    const at = this.#at;
    this.#at += prefix;
    const parts = this.#readQuoted({
      close,
      ...(open === undefined ? {} : { open }),
      interpolates: true,
      keepsEscapes: true,
    });
    const flags = this.#match(/[a-z]*/y);
    this.#at += flags.length;
    this.#push({ kind: 'regex', parts, flags }, at);
    return true;
  }

  #readPercent(): boolean {
    const found = /^%([qQwWiIrs]?)([^\w\s])/.exec(this.text.slice(this.#at, this.#at + 3));
    const [all = '', type = '', open = ''] = found ?? [];
    if (open === '' || open === '=') return false;
    const close = closers[open] ?? open;
    const nests = close === open ? undefined : open;
    if (type === 'r') return this.#readRegex(close, nests, all.length);
    const at = this.#at;
    this.#at += all.length;
    const interpolates = type === '' || type === 'Q';
    const parts = this.#readQuoted({ close, ...(nests === undefined ? {} : { open: nests }), interpolates });
    if (/[wWiI]/.test(type)) {
      const words = parts
        .filter((part) => typeof part === 'string')
        .join('')
        .split(/\s+/)
        .filter((word) => word !== '');
      this.#push({ kind: 'words', words, symbols: type.toLowerCase() === 'i' }, at);
    } else this.#push({ kind: type === 's' ? 'symbol' : 'string', parts }, at);
    return true;
  }

  #readHeredoc(): boolean {
    const lineEnd = this.text.indexOf('\n', this.#at);
    const body = this.#behindHeredocs ?? (lineEnd === -1 ? this.text.length : lineEnd + 1);
    const heredoc = readHeredoc(this.text, this.#at, body, (at) => this.#embedded(at));
    if (heredoc === undefined) return false;
    const at = this.#at;
    this.#at += heredoc.headLength;
    this.#behindHeredocs = heredoc.end;
    this.#push({ kind: 'string', parts: heredoc.parts }, at);
    return true;
  }

  /** The text up to its closing quote, which is passed. */
  #readQuoted(quoted: QuotedText): readonly TextPart[] {
    const start = this.#at;
    const parts = new TextParts();
    let nested = 0;
    for (;;) {
      const char = this.text.charAt(this.#at);
      if (char === '') throw new RubyRefusal(`the text that begins here has no closing ${quoted.close}`, start - 1);
      if (char === quoted.close && nested-- === 0) break;
      if (char === quoted.open) nested++;
      this.#at = readPiece(this.text, this.#at, quoted, parts, (at) => this.#embedded(at));
    }
    this.#at++;
    return parts.list();
  }

  #embedded(at: number): { readonly tokens: readonly Token[]; readonly end: number } {
    return new Lexer(this.text, at, this.#depth + 1).read(true);
  }

  #readOperator(): void {
    const text = operators.find((operator) => this.text.startsWith(operator, this.#at));
    if (text === undefined) {
      throw new RubyRefusal(`the character ${JSON.stringify(this.text.charAt(this.#at))} means nothing here`, this.#at);
    }
    const at = this.#at;
    this.#at += text.length;
    this.#push({ kind: 'operator', text }, at);
  }
}
