import { ok, type Result } from '../errors/index.ts';
import { compileRegex, regexMatcher } from '../filter/index.ts';
import type { CallerMatcher } from './policy.ts';
import { faultAt, quoted, within, wordsOf, type Piece } from './text.ts';

/** How nodes are told who asks. Muster's own callers are `cert=NAME`. */
export const callerPattern = /^\w+=[\w.-]+$/;
const groupPattern = /^[\w.-]+$/;

export const isGroupName = (text: string): boolean => groupPattern.test(text);

/** One word among callers. Callers are compared letter by letter or searched by a regular expression, which takes linear time. */
export function parseCaller(word: Piece): Result<CallerMatcher> {
  const { text } = word;
  if (text.startsWith('/')) {
    const [, source, flags = ''] = /^\/((?:[^/\\]|\\.)*)\/([A-Za-z]*)$/.exec(text) ?? [];
    if (source === undefined) {
      return faultAt(
        word,
        `The regular expression ${quoted(text)} is not closed`,
        'Write it between slashes: /^cert=web-/.',
      );
    }
    const matcher = regexMatcher(source, flags);
    const fits = within(word, compileRegex(matcher));
    return fits.ok ? ok({ kind: 'regex', matcher, fits: fits.value }) : fits;
  }
  if (callerPattern.test(text)) return ok({ kind: 'exact', caller: text });
  if (groupPattern.test(text)) return ok({ kind: 'group', name: text });
  return faultAt(
    word,
    `${quoted(text)} is neither a caller nor a group`,
    'A caller is cert=NAME or a regular expression between slashes, a group is a name; `*` for everybody stands alone.',
  );
}

/** The column of callers; null for everybody. */
export function parseCallers(column: Piece): Result<readonly CallerMatcher[] | null> {
  if (column.text === '*') return ok(null);
  const callers: CallerMatcher[] = [];
  for (const word of wordsOf(column)) {
    const caller = parseCaller(word);
    if (!caller.ok) return caller;
    callers.push(caller.value);
  }
  return ok(callers);
}
