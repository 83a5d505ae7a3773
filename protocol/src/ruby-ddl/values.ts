import { RE2JS } from 're2js';
import { rubyRegexToRe2 } from '../ddl/index.ts';
import { RubyRefusal, rubyLimits } from './refusal.ts';

export class RubySymbol {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** A regular expression, which Ruby prints as `(?-mix:source)`. */
export class RubyRegex {
  readonly source: string;
  readonly flags: string;

  constructor(source: string, flags: string) {
    this.source = source;
    this.flags = flags;
  }

  toString(): string {
    const on = Array.from('mix').filter((flag) => this.flags.includes(flag));
    const off = Array.from('mix').filter((flag) => !this.flags.includes(flag));
    return `(?${on.join('')}${off.length === 0 ? '' : `-${off.join('')}`}:${this.source})`;
  }
  /** Whether it matches somewhere, in linear time. */
  matches(text: string, at: number): boolean {
    const re2 = rubyRegexToRe2(this.toString());
    if (re2 === undefined) throw new RubyRefusal('RE2 cannot do this regular expression', at);
    return RE2JS.compile(re2, RE2JS.MULTILINE).matcher(text).find();
  }
}

/** A call that an aggregate is given: `summary(:status)`. */
export class RubyCall {
  readonly name: string;
  readonly args: readonly RubyValue[];

  constructor(name: string, args: readonly RubyValue[]) {
    this.name = name;
    this.args = args;
  }
}

/** A hash in the order of its keys, in which `:a` and `"a"` differ. */
export class RubyHash {
  readonly #entries = new Map<string, readonly [RubyValue, RubyValue]>();

  constructor(entries: Iterable<readonly [RubyValue, RubyValue]> = []) {
    for (const [key, value] of entries) this.#entries.set(inspect(key), [key, value]);
  }
  get size(): number {
    return this.#entries.size;
  }
  get(key: RubyValue): RubyValue {
    return this.#entries.get(inspect(key))?.[1] ?? null;
  }
  has(key: RubyValue): boolean {
    return this.#entries.has(inspect(key));
  }
  entries(): readonly (readonly [RubyValue, RubyValue])[] {
    return [...this.#entries.values()];
  }
}

/** What an expression evaluates to; `null` is nil. */
export type RubyValue =
  null | boolean | number | string | RubySymbol | RubyRegex | RubyCall | RubyHash | readonly RubyValue[];

export const isArray = (value: RubyValue): value is readonly RubyValue[] => Array.isArray(value);
export const isTrue = (value: RubyValue): boolean => value !== null && value !== false;

/** A text that an expression made. Refuses what is too long. */
export function madeText(text: string, at: number): string {
  if (text.length > rubyLimits.madeText) throw new RubyRefusal('this makes too long a text', at);
  return text;
}

/** Elements that an expression made. Refuses too many. */
export function madeElements(elements: readonly RubyValue[], at: number): readonly RubyValue[] {
  if (elements.length > rubyLimits.madeElements) throw new RubyRefusal('this makes too many elements', at);
  return elements;
}

/** Ruby's `to_s`. */
export function toText(value: RubyValue): string {
  if (value === null) return '';
  if (value instanceof RubySymbol) return value.name;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  return value instanceof RubyRegex ? value.toString() : inspect(value);
}

/** Ruby's `inspect`, which is also what tells values apart. */
export function inspect(value: RubyValue): string {
  if (value === null) return 'nil';
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof RubySymbol) return `:${value.name}`;
  if (value instanceof RubyRegex) return `/${value.source}/${value.flags}`;
  if (value instanceof RubyCall) return `${value.name}(${value.args.map(inspect).join(', ')})`;
  if (value instanceof RubyHash) {
    return `{${value
      .entries()
      .map(([key, item]) => `${inspect(key)}=>${inspect(item)}`)
      .join(', ')}}`;
  }
  return isArray(value) ? `[${value.map(inspect).join(', ')}]` : String(value);
}

export const isSame = (a: RubyValue, b: RubyValue): boolean => inspect(a) === inspect(b);

/** The value in JSON: symbols and keys are texts, regular expressions as Ruby prints them. */
export function toJson(value: RubyValue): unknown {
  if (value instanceof RubySymbol || value instanceof RubyRegex || value instanceof RubyCall) return toText(value);
  if (value instanceof RubyHash) {
    return Object.fromEntries(value.entries().map(([key, item]) => [toText(key), toJson(item)]));
  }
  return isArray(value) ? value.map(toJson) : value;
}
