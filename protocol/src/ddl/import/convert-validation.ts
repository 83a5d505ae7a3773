import { RE2JS } from 're2js';
import { validators } from '../validators.ts';
import type { Warn } from './warnings.ts';

/** Takes the place of a validation that cannot be carried over: rather too strict than too lax. */
const strictest = 'shellsafe';

/** Types that MCollective let stand for "any value of the type". */
const typeChecks = new Set(['string', 'typecheck']);

function compiles(source: string): boolean {
  try {
    RE2JS.compile(source);
    return true;
  } catch {
    return false;
  }
}

/** Drops blanks and comments, which mean nothing under Ruby's flag `x`. */
const withoutLayout = (source: string): string =>
  source.replaceAll(/\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|\s+|#[^\n]*/g, (piece) => (/^[\s#]/.test(piece) ? '' : piece));

/** `\h` and `\Z`, which RE2 does not know, in its words. */
function withKnownEscapes(source: string): string {
  let inClass = false;
  return source.replaceAll(/\\[\s\S]|[[\]]/g, (piece) => {
    if (piece === '[' || piece === ']') inClass = piece === '[';
    if (piece === '\\h') return inClass ? '0-9a-fA-F' : '[0-9a-fA-F]';
    if (piece === '\\H' && !inClass) return '[^0-9a-fA-F]';
    return piece === '\\Z' ? '\\z' : piece;
  });
}

/** A regular expression of Ruby, written in a string or printed as `(?-mix:…)`, in the syntax of RE2; undefined where it has none. */
export function rubyRegexToRe2(text: string): string | undefined {
  const [, on = '', inner] = /^\(\?([mix]*)(?:-[mix]+)?:([\s\S]*)\)$/.exec(text) ?? [];
  const flags = (on.includes('i') ? 'i' : '') + (on.includes('m') ? 's' : '');
  const source = inner === undefined ? text : on.includes('x') ? withoutLayout(inner) : inner;
  const converted = `${flags === '' ? '' : `(?${flags})`}${withKnownEscapes(source)}`;
  return compiles(converted) ? converted : undefined;
}

/** The validation of a string: a validator's name, or a regular expression of RE2 of at most 1000 characters. */
export function convertValidation(validation: unknown, about: string, warn: Warn): string {
  if (typeof validation !== 'string' || validation === '') {
    warn(about, `no validation, so it must be ${strictest}`);
    return strictest;
  }
  if (Object.hasOwn(validators, validation)) return validation;
  if (typeChecks.has(validation)) return '.*';
  if (/^[a-z]\w*$/.test(validation)) {
    warn(about, `the validator ${validation} is not known here, so it must be ${strictest}`);
    return strictest;
  }
  const regex = rubyRegexToRe2(validation);
  if (regex !== undefined && regex.length <= 1000) return regex;
  warn(about, `RE2 cannot do the regular expression ${validation.slice(0, 200)}, so it must be ${strictest}`);
  return strictest;
}
