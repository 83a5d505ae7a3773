import { fail, ok, type Result } from '../errors/index.ts';

interface Interval {
  readonly low: number;
  readonly high: number;
  /** Digits that a number must have, with zeros in front; 0 when numbers stand without zeros in front. */
  readonly width: number;
}

type Token =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'one' }
  | { readonly kind: 'any' }
  | { readonly kind: 'set'; readonly negated: boolean; readonly chars: readonly (readonly [string, string])[] }
  | { readonly kind: 'numbers'; readonly intervals: readonly Interval[] };

const maxDigits = 15;

/** Whether a text holds a character that makes it a pattern. */
export const isGlob = (text: string): boolean => /[*?[]/.test(text);

/**
 * A test of whole identities against a pattern: `*` any characters, `?` one, `[a-c]` and `[!a-c]` one of a set,
 * `[1-20]`, `[01-20]` and `[1-3,7]` whole numbers, with zeros in front when a bound has them.
 * @returns `filter.syntax` for brackets that do not make sense.
 */
export function compileGlob(pattern: string): Result<(identity: string) => boolean> {
  const tokens = tokenize(pattern);
  if (!tokens.ok) return tokens;
  const [first] = tokens.value;
  const prefix = first?.kind === 'literal' ? first.text : '';
  const rest = prefix === '' ? tokens.value : tokens.value.slice(1);
  if (rest.length === 1 && rest[0]?.kind === 'any') return ok((identity) => identity.startsWith(prefix));
  return ok((identity) => {
    if (!identity.startsWith(prefix)) return false;
    let positions = new Set([prefix.length]);
    for (const token of rest) {
      positions = advance(token, identity, positions);
      if (positions.size === 0) return false;
    }
    return positions.has(identity.length);
  });
}

/**
 * The names that a pattern of ranges and sets stands for, in order: `web[01-03]` gives three.
 * @returns `filter.value` for `*`, `?` and `[!…]`, or for more than `limit` names; `filter.syntax` for broken brackets.
 */
export function expandIdentityRange(pattern: string, limit: number): Result<readonly string[]> {
  const tokens = tokenize(pattern);
  if (!tokens.ok) return tokens;
  let names = [''];
  for (const token of tokens.value) {
    const count = countOf(token);
    if (count === undefined) {
      return fail('filter.value', `\`${pattern}\` stands for no fixed list of names`, {
        mend: 'Use ranges such as [01-20] or sets such as [abc] only',
      });
    }
    if (count * names.length > limit) {
      return fail('filter.value', `\`${pattern}\` stands for more than ${limit} names`, {
        mend: 'Use a narrower range',
      });
    }
    const parts = partsOf(token);
    names = names.flatMap((name) => parts.map((part) => name + part));
  }
  return ok(names);
}

function countOf(token: Token): number | undefined {
  switch (token.kind) {
    case 'literal':
      return 1;
    case 'one':
    case 'any':
      return undefined;
    case 'set':
      return token.negated ? undefined : token.chars.reduce((sum, [low, high]) => sum + code(high) - code(low) + 1, 0);
    case 'numbers':
      return token.intervals.reduce((sum, { low, high }) => sum + high - low + 1, 0);
  }
}

function partsOf(token: Token): readonly string[] {
  const range = (low: number, high: number) => Array.from({ length: high - low + 1 }, (_, index) => low + index);
  if (token.kind === 'literal') return [token.text];
  if (token.kind === 'set') {
    const codes = token.chars.flatMap(([low, high]) => range(code(low), code(high)));
    return [...new Set(codes)].map((unit) => String.fromCharCode(unit));
  }
  if (token.kind !== 'numbers') return [];
  const numbers = token.intervals.flatMap(({ low, high, width }) =>
    range(low, high).map((number) => String(number).padStart(width, '0')),
  );
  return [...new Set(numbers)];
}

/** Where the match may stand after a token, given where it may stand before: linear in the identity, never backtracking. */
function advance(token: Token, identity: string, positions: ReadonlySet<number>): Set<number> {
  const next = new Set<number>();
  if (token.kind === 'any') {
    for (let at = Math.min(...positions); at <= identity.length; at++) next.add(at);
    return next;
  }
  for (const at of positions) {
    if (token.kind === 'literal') {
      if (identity.startsWith(token.text, at)) next.add(at + token.text.length);
    } else if (token.kind === 'numbers') {
      for (const end of numberEnds(token.intervals, identity, at)) next.add(end);
    } else if (
      at < identity.length &&
      (token.kind === 'one' || inSet(token.chars, identity.charAt(at)) !== token.negated)
    ) {
      next.add(at + 1);
    }
  }
  return next;
}

function numberEnds(intervals: readonly Interval[], identity: string, start: number): readonly number[] {
  const ends: number[] = [];
  for (
    let end = start + 1;
    end <= identity.length && end - start <= maxDigits && isDigit(identity.charAt(end - 1));
    end++
  ) {
    const digits = identity.slice(start, end);
    const number = Number(digits);
    const fits = ({ low, high, width }: Interval) =>
      number >= low && number <= high && digits === String(number).padStart(width, '0');
    if (intervals.some(fits)) ends.push(end);
  }
  return ends;
}

const isDigit = (char: string) => char >= '0' && char <= '9';
const code = (char: string) => char.charCodeAt(0);
const inSet = (chars: readonly (readonly [string, string])[], char: string) =>
  chars.some(([low, high]) => char >= low && char <= high);

function tokenize(pattern: string): Result<readonly Token[]> {
  const tokens: Token[] = [];
  let at = 0;
  while (at < pattern.length) {
    const [literal] = /^[^*?[]+/.exec(pattern.slice(at)) ?? [];
    if (literal !== undefined) {
      tokens.push({ kind: 'literal', text: literal });
      at += literal.length;
      continue;
    }
    const char = pattern.charAt(at);
    if (char === '[') {
      const close = pattern.indexOf(']', at);
      if (close < 0) return malformed(pattern, 'a `[` is not closed by `]`');
      const token = bracket(pattern, pattern.slice(at + 1, close));
      if (!token.ok) return token;
      tokens.push(token.value);
      at = close + 1;
      continue;
    }
    if (char === '?') tokens.push({ kind: 'one' });
    else if (tokens.at(-1)?.kind !== 'any') tokens.push({ kind: 'any' });
    at++;
  }
  return ok(tokens);
}

/** The inside of brackets: numbers when it is made of digits with `-` or `,`, otherwise a set of characters. */
function bracket(pattern: string, inside: string): Result<Token> {
  if (/^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(inside) && /[-,]/.test(inside)) return numbers(pattern, inside);
  const negated = /^[!^]/.test(inside);
  const chars: (readonly [string, string])[] = [];
  for (const [, low = '', high = low] of inside.slice(negated ? 1 : 0).matchAll(/([\s\S])(?:-([\s\S]))?/g)) {
    if (high < low) return malformed(pattern, `the range ${low}-${high} runs backwards`);
    chars.push([low, high]);
  }
  if (chars.length === 0) return malformed(pattern, 'the brackets are empty');
  return ok({ kind: 'set', negated, chars });
}

function numbers(pattern: string, inside: string): Result<Token> {
  const intervals: Interval[] = [];
  for (const part of inside.split(',')) {
    const [low = '', high = low] = part.split('-');
    if (Math.max(low.length, high.length) > maxDigits)
      return malformed(pattern, `a bound has more than ${maxDigits} digits`);
    if (Number(high) < Number(low)) return malformed(pattern, `the range ${part} runs backwards`);
    const padded = [low, high].some((bound) => bound.length > 1 && bound.startsWith('0'));
    intervals.push({ low: Number(low), high: Number(high), width: padded ? Math.max(low.length, high.length) : 0 });
  }
  return ok({ kind: 'numbers', intervals });
}

const malformed = (pattern: string, reason: string) =>
  fail('filter.syntax', `The identity pattern \`${pattern}\` is broken: ${reason}`, {
    mend: 'Write ranges as [01-20] and sets as [a-c], the smaller end first',
  });
