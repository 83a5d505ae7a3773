import { fail, ok, type Result } from '@muster/protocol/errors';

/** A Puppet type as it is written: `Optional[Enum['a', 'b']]`. */
export interface TypeNode {
  readonly kind: 'type';
  readonly name: string;
  readonly args: readonly TypeArgument[];
}

export type TypeArgument =
  | TypeNode
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'regex'; readonly source: string }
  | { readonly kind: 'default' }
  | { readonly kind: 'hash'; readonly entries: readonly (readonly [TypeArgument, TypeArgument])[] };

const tokenPattern =
  /\s*(?:('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")|\/((?:\\.|[^/\\])*)\/|(-?\d+(?:\.\d+)?)|([A-Z]\w*(?:::[A-Z]\w*)*)|([a-z]\w*)|(=>|[[\]{},]))/y;

type Token =
  | { readonly kind: 'text' | 'regex' | 'number' | 'type' | 'word' | 'sign'; readonly text: string }
  | { readonly kind: 'end'; readonly text: '' };

function tokens(text: string): readonly Token[] | undefined {
  const found: Token[] = [];
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < text.trimEnd().length) {
    const match = tokenPattern.exec(text);
    if (match === null) return undefined;
    const [, quoted, regex, number, type, word, sign] = match;
    if (quoted !== undefined) found.push({ kind: 'text', text: quoted.slice(1, -1).replaceAll(/\\(['"\\])/g, '$1') });
    else if (regex !== undefined) found.push({ kind: 'regex', text: regex.replaceAll('\\/', '/') });
    else if (number !== undefined) found.push({ kind: 'number', text: number });
    else if (type !== undefined) found.push({ kind: 'type', text: type });
    else if (word !== undefined) found.push({ kind: 'word', text: word });
    else found.push({ kind: 'sign', text: sign ?? '' });
  }
  return found;
}

/** Deepest nesting of brackets. */
const deepest = 32;

class Syntax extends Error {}

class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(given: readonly Token[]) {
    this.#tokens = given;
  }

  get #next(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', text: '' };
  }

  #takes(sign: string): boolean {
    const found = this.#next.kind === 'sign' && this.#next.text === sign;
    if (found) this.#at++;
    return found;
  }

  #list<T>(end: string, read: () => T): T[] {
    if (++this.#depth > deepest) throw new Syntax();
    const items: T[] = [];
    while (!this.#takes(end)) {
      if (items.length > 0 && !this.#takes(',')) throw new Syntax();
      if (items.length > 0 && this.#takes(end)) break;
      items.push(read());
    }
    this.#depth--;
    return items;
  }

  #argument(): TypeArgument {
    if (this.#takes('{')) {
      const entries = this.#list('}', () => {
        const key = this.#argument();
        if (!this.#takes('=>')) throw new Syntax();
        return [key, this.#argument()] as const;
      });
      return { kind: 'hash', entries };
    }
    const { kind, text } = this.#next;
    if (kind === 'type') return this.#type();
    this.#at++;
    if (kind === 'text') return { kind, value: text };
    if (kind === 'regex') return { kind, source: text };
    if (kind === 'number') return { kind, value: Number(text) };
    if (kind !== 'word') throw new Syntax();
    if (text === 'default') return { kind: 'default' };
    return text === 'true' || text === 'false'
      ? { kind: 'boolean', value: text === 'true' }
      : { kind: 'text', value: text };
  }

  #type(): TypeNode {
    const { kind, text } = this.#next;
    if (kind !== 'type') throw new Syntax();
    this.#at++;
    return { kind, name: text, args: this.#takes('[') ? this.#list(']', () => this.#argument()) : [] };
  }

  whole(): TypeNode {
    const type = this.#type();
    if (this.#next.kind !== 'end') throw new Syntax();
    return type;
  }
}

/** Reads a Puppet type. Errors: `config.syntax`. */
export function parseType(text: string): Result<TypeNode> {
  const found = tokens(text);
  try {
    if (found !== undefined) return ok(new Reader(found).whole());
  } catch (thrown) {
    if (!(thrown instanceof Syntax)) throw thrown;
  }
  return fail('config.syntax', `The type ${text} cannot be read`);
}
