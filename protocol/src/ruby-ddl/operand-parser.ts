import type { Block, Expression } from './ast.ts';
import { describeToken, TokenStream } from './token-stream.ts';
import type { TextPart, Token } from './token.ts';

const structuralWords = ['do', 'else', 'elsif', 'end', 'in', 'not', 'then', 'when'];

/** Where an embedded value stands: which names are variables, and how deep it is. */
export interface Surroundings {
  readonly scopes: readonly ReadonlySet<string>[];
  readonly depth: number;
}

/** Reads what operators stand between: literals, names, calls and all in brackets. What may stand inside, the classes above it say. */
export abstract class OperandParser {
  protected readonly tokens: TokenStream;
  /** Whether `do` begins a block of the call that is read; not among arguments without parentheses, for there it is the outer call's. */
  protected takesDo = true;
  #scopes: ReadonlySet<string>[];

  constructor(tokens: readonly Token[], surroundings: Surroundings = { scopes: [new Set()], depth: 0 }) {
    this.tokens = new TokenStream(tokens, surroundings.depth);
    this.#scopes = [...surroundings.scopes];
  }

  /** An expression as it may stand among arguments. */
  protected abstract value(): Expression;
  protected abstract statements(): readonly Expression[];
  /** `if`, `unless` or `case` with all that belongs to it. */
  protected abstract choice(): Expression;
  /** The value of `#{…}`. */
  protected abstract embedded(tokens: readonly Token[], surroundings: Surroundings): Expression;
  protected abstract block(): Block | undefined;

  /** Makes a name known as a local variable from here on. */
  protected declare(name: string): void {
    const scope = this.#scopes.pop() ?? new Set<string>();
    this.#scopes.push(new Set([...scope, name]));
  }
  protected scoped<T>(read: () => T): T {
    this.#scopes.push(new Set());
    const result = read();
    this.#scopes.pop();
    return result;
  }
  protected withDo<T>(takesDo: boolean, read: () => T): T {
    const before = this.takesDo;
    this.takesDo = takesDo;
    const result = read();
    this.takesDo = before;
    return result;
  }
  #isVariable(name: string): boolean {
    return this.#scopes.some((scope) => scope.has(name));
  }

  /** A literal, name or bracket with all methods and indexes behind it. */
  protected operand(): Expression {
    const { tokens } = this;
    let left = this.#primary();
    for (;;) {
      if (tokens.take('operator', '.') !== undefined) left = this.#method(left);
      else if (tokens.is('operator', '[') && !tokens.next.spaced) {
        tokens.advance();
        left = { kind: 'call', at: left.at, receiver: left, name: '[]', args: this.#arguments(']') };
      } else if (tokens.is('operator', '::', '&.'))
        throw tokens.refusal('a DDL is read without the rest of Ruby: no :: and no &.');
      else return left;
    }
  }

  #method(receiver: Expression): Expression {
    this.tokens.skipNewlines();
    const token = this.tokens.advance();
    if (token.kind !== 'name' && token.kind !== 'constant')
      throw this.tokens.refusal('a name is missing behind the dot', token);
    const call = this.#call(token.text, token);
    return { ...call, receiver, at: receiver.at };
  }

  /** What stands behind the name of a method: arguments in parentheses or without, and a block. */
  #call(name: string, token: Token): Extract<Expression, { kind: 'call' }> {
    const { tokens } = this;
    let args: readonly Expression[] = [];
    if (tokens.is('operator', '(') && !tokens.next.spaced) {
      tokens.advance();
      args = this.#arguments(')');
    } else if (this.#argumentFollows()) args = this.withDo(false, () => this.#commandArguments());
    const block = this.block();
    return { kind: 'call', at: token.at, name, args, ...(block === undefined ? {} : { block }) };
  }

  /** Whether an argument without parentheses begins here. */
  #argumentFollows(): boolean {
    const { next } = this.tokens;
    if (!next.spaced) return false;
    switch (next.kind) {
      case 'newline':
      case 'end of text':
        return false;
      case 'keyword':
        return ['true', 'false', 'nil', 'not'].includes(next.text);
      case 'operator':
        return next.text === '[' || next.text === '!' || next.text === '(' || (next.text === '-' && this.#tightMinus());
      default:
        return true;
    }
  }

  /** `a -1` gives -1 to a; `a - 1` subtracts. */
  #tightMinus(): boolean {
    return !this.tokens.following.spaced;
  }

  #commandArguments(): readonly Expression[] {
    const { tokens } = this;
    const args: Expression[] = [];
    const pairs: (readonly [Expression, Expression])[] = [];
    const { at } = tokens.next;
    do {
      tokens.skipNewlines();
      this.#argument(args, pairs);
    } while (tokens.take('operator', ',') !== undefined);
    return pairs.length === 0 ? args : [...args, { kind: 'hash', at, pairs }];
  }

  /** Arguments, or items, up to a closing bracket, which is passed. Pairs become one hash at the end. */
  #arguments(close: string): readonly Expression[] {
    const { tokens } = this;
    return this.withDo(true, () => {
      const args: Expression[] = [];
      const pairs: (readonly [Expression, Expression])[] = [];
      const { at } = tokens.next;
      tokens.skipNewlines();
      while (!tokens.is('operator', close)) {
        this.#argument(args, pairs);
        tokens.skipNewlines();
        if (tokens.take('operator', ',') === undefined) break;
        tokens.skipNewlines();
      }
      tokens.expect('operator', close);
      return pairs.length === 0 ? args : [...args, { kind: 'hash', at, pairs }];
    });
  }

  #argument(args: Expression[], pairs: (readonly [Expression, Expression])[]): void {
    const { tokens } = this;
    const label = this.#label();
    if (label !== undefined) {
      pairs.push([label, this.value()]);
      return;
    }
    const value = this.value();
    if (tokens.take('operator', '=>') === undefined) {
      if (pairs.length > 0) throw tokens.refusal('an argument cannot stand behind pairs');
      args.push(value);
      return;
    }
    tokens.skipNewlines();
    pairs.push([value, this.value()]);
  }

  /** `name:` before a value. */
  #label(): Expression | undefined {
    const { next } = this.tokens;
    if (next.kind !== 'label') return undefined;
    this.tokens.advance();
    this.tokens.skipNewlines();
    return { kind: 'text', as: 'symbol', at: next.at, parts: this.#parts(next.parts) };
  }

  #hash(at: number): Expression {
    const items = this.#arguments('}');
    const [pairs, ...more] = items;
    if (pairs === undefined) return { kind: 'hash', at, pairs: [] };
    if (more.length > 0 || pairs.kind !== 'hash') throw this.tokens.refusal('a hash holds pairs of key and value');
    return pairs;
  }

  #primary(): Expression {
    const { tokens } = this;
    if (tokens.is('keyword', 'if', 'unless', 'case')) return this.choice();
    const token = tokens.advance();
    const { at } = token;
    switch (token.kind) {
      case 'number':
        return { kind: 'number', at, value: token.value };
      case 'string':
        return this.#adjacentStrings(token.parts, at);
      case 'symbol':
        return { kind: 'text', as: 'symbol', at, parts: this.#parts(token.parts) };
      case 'regex':
        return { kind: 'regex', at, parts: this.#parts(token.parts), flags: token.flags };
      case 'words': {
        const as = token.symbols ? 'symbol' : 'string';
        return { kind: 'array', at, items: token.words.map((word) => ({ kind: 'text', as, at, parts: [word] })) };
      }
      case 'constant':
        return { kind: 'constant', at, name: token.text };
      case 'name':
        return this.#isVariable(token.text) || tokens.is('operator', '=', '||=', '+=')
          ? { kind: 'name', at, name: token.text }
          : this.#call(token.text, token);
      case 'operator':
        return this.#bracketed(token.text, token);
      case 'keyword':
        return this.#word(token.text, token);
      default:
        throw tokens.refusal(`a value is missing before ${describeToken(token)}`, token);
    }
  }

  #bracketed(text: string, token: Token): Expression {
    const { at } = token;
    if (text === '[') return { kind: 'array', at, items: this.#arguments(']') };
    if (text === '{') return this.#hash(at);
    if (text !== '(') throw this.tokens.refusal(`a value is missing before ${text}`, token);
    const body = this.withDo(true, () => this.statements());
    this.tokens.expect('operator', ')');
    return { kind: 'sequence', at, body };
  }

  #word(text: string, token: Token): Expression {
    const { at } = token;
    if (text === 'nil') return { kind: 'nil', at };
    if (text === 'true' || text === 'false') return { kind: 'boolean', at, value: text === 'true' };
    throw this.tokens.refusal(
      structuralWords.includes(text) ? `${text} is out of place` : `a DDL is read without the rest of Ruby: no ${text}`,
      token,
    );
  }

  #adjacentStrings(parts: readonly TextPart[], at: number): Expression {
    const all = [...this.#parts(parts)];
    for (let { next } = this.tokens; next.kind === 'string'; next = this.tokens.next) {
      this.tokens.advance();
      all.push(...this.#parts(next.parts));
    }
    return { kind: 'text', as: 'string', at, parts: all };
  }

  #parts(parts: readonly TextPart[]): readonly (string | Expression)[] {
    const surroundings = { scopes: this.#scopes, depth: this.tokens.depth };
    return parts.map((part) => (typeof part === 'string' ? part : this.embedded(part, surroundings)));
  }
}
