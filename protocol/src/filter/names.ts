import { fail, ok, type Result } from '../errors/index.ts';
import type {
  AgentCondition,
  ClassCondition,
  CollectiveCondition,
  IdentityCondition,
  NameMatcher,
  RegexMatcher,
} from './ast.ts';
import { compileGlob, isGlob } from './identity-glob.ts';
import { compileRegex } from './regex.ts';

export type NameCondition = ClassCondition | AgentCondition | CollectiveCondition | IdentityCondition;
export type NameKind = NameCondition['kind'];

export const nameKinds: readonly NameKind[] = ['class', 'agent', 'collective', 'identity'];

/**
 * The condition that a plain name stands for; for identities, `*`, `?` and `[` make it a pattern.
 * @returns `filter.value` for an empty name, or a pattern where only names go; `filter.syntax` for a broken pattern.
 */
export function namedCondition(kind: NameKind, text: string): Result<NameCondition> {
  if (!isGlob(text)) return exactCondition(kind, text);
  if (kind === 'identity') {
    const glob = compileGlob(text);
    return glob.ok ? ok({ kind, matcher: { kind: 'glob', pattern: text } }) : glob;
  }
  return fail('filter.value', `\`${text}\` is a pattern, but only identities take patterns`, {
    mend: `Use a regular expression such as /^${text.replace(/[*?[].*$/s, '')}/`,
  });
}

/** The condition that a name stands for, letter by letter; an empty name is `filter.value`. */
export function exactCondition(kind: NameKind, text: string): Result<NameCondition> {
  if (text === '') return fail('filter.value', `The name of the ${kind} is empty`, { mend: 'Write a name or /regex/' });
  return ok(withMatcher(kind, { kind: 'exact', text }));
}

/** The condition that a regular expression stands for; `filter.regex` when it is broken. */
export function regexCondition(kind: NameKind, matcher: RegexMatcher): Result<NameCondition> {
  const compiled = compileRegex(matcher);
  return compiled.ok ? ok(withMatcher(kind, matcher)) : compiled;
}

const withMatcher = (kind: NameKind, matcher: NameMatcher): NameCondition => ({ kind, matcher });
