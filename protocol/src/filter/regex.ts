import { RE2JS } from 're2js';
import { fail, ok, type Result } from '../errors/index.ts';
import type { RegexMatcher } from './ast.ts';
import { filterLimits } from './limits.ts';

const flagBits: Readonly<Record<string, number>> = {
  i: RE2JS.CASE_INSENSITIVE,
  m: RE2JS.MULTILINE,
  s: RE2JS.DOTALL,
};

/** A regular expression in its one canonical form: `\/` is `/`, flags are sorted and each stands once. */
export function regexMatcher(source: string, flags = ''): RegexMatcher {
  return {
    kind: 'regex',
    source: source.replaceAll(/\\([\s\S])/g, (pair, char: string) => (char === '/' ? '/' : pair)),
    flags: Array.from(new Set(flags)).sort().join(''),
  };
}

/** Between slashes, as the parser reads it back. */
export function printRegex({ source, flags }: RegexMatcher): string {
  const body = source.replaceAll(/\\[\s\S]|\//g, (piece) => (piece === '/' ? '\\/' : piece));
  return `/${body}/${flags}`;
}

/**
 * A search in linear time, or `filter.regex` for what is broken, empty, has unknown flags or grows too large.
 * Look-around and back-references do not exist in this syntax.
 */
export function compileRegex({ source, flags }: RegexMatcher): Result<(text: string) => boolean> {
  if (source === '') return broken('it is empty', 'Write at least one character between the slashes');
  const unknown = Array.from(flags).find((flag) => !Object.hasOwn(flagBits, flag));
  if (unknown !== undefined) {
    return broken(
      `the flag \`${unknown}\` is unknown`,
      'Use i, m or s after the closing slash; to compare with a text that begins with a slash, put it in quotes',
    );
  }
  if (source.length > filterLimits.regexSourceLength) {
    return broken(`it is longer than ${filterLimits.regexSourceLength} characters`, 'Use several shorter ones');
  }
  if (source.length * repetitions(source) > filterLimits.regexRepetition) return tooLarge();
  let bits = 0;
  for (const flag of flags) bits |= flagBits[flag] ?? 0;
  try {
    const compiled = RE2JS.compile(source, bits);
    return compiled.programSize() > filterLimits.regexProgramSize ? tooLarge() : ok((text) => compiled.test(text));
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error);
    return broken(reason, 'Use RE2 syntax: no look-around, no back-references; a special character needs a backslash');
  }
}

/** The sum of the highest counts in `{n}`, `{n,}` and `{n,m}`, at least 1. */
function repetitions(source: string): number {
  let sum = 1;
  for (const [, least = '0', most = ''] of source.matchAll(/\{(\d+)(?:,(\d*))?\}/g)) sum += Number(most || least);
  return sum;
}

const broken = (reason: string, mend: string) =>
  fail('filter.regex', `The regular expression is broken: ${reason}`, { mend });
const tooLarge = () => broken('its repetitions make it too large', 'Use smaller counts in {n}');
