import { ok, type Result } from '../errors/index.ts';
import type { Condition, DataCondition, IdentityMatcher, NameMatcher } from './ast.ts';
import { compileFactTest } from './compare.ts';
import { compileGlob } from './identity-glob.ts';
import type { NameKind } from './names.ts';
import { compileRegex } from './regex.ts';

/** A condition taken apart: what of a node it looks at, and a test of one value of that. */
export type ConditionTest =
  | {
      readonly subject: 'fact';
      /** As `factLookup` takes it. */
      readonly path: string;
      /** Given what the look-up found; never holds for `undefined`. Looks at no more of a hash than its own keys. */
      readonly fits: (value: unknown) => boolean;
    }
  | {
      readonly subject: NameKind;
      /** Given one name; of a node's names one that fits is enough. */
      readonly fits: (name: string) => boolean;
      /** Holds for every node, whatever its names: each has the agent `mcollective`, which stands for the daemon itself. */
      readonly everywhere: boolean;
    };

/**
 * Prepares one condition for whoever keeps the parts of nodes apart, as the console's inventory does; `compileFilter` is
 * made of these tests too. Conditions on data plugins are not among them: only nodes can answer those.
 * @returns `filter.regex` or `filter.syntax` (a broken identity pattern).
 */
export function compileCondition(condition: Exclude<Condition, DataCondition>): Result<ConditionTest> {
  if (condition.kind === 'fact') {
    const fits = compileFactTest(condition);
    return fits.ok ? ok({ subject: 'fact', path: condition.path, fits: fits.value }) : fits;
  }
  const { kind, matcher } = condition;
  const fits = compileName(matcher);
  if (!fits.ok) return fits;
  const everywhere = kind === 'agent' && matcher.kind === 'exact' && matcher.text === 'mcollective';
  return ok({ subject: kind, fits: fits.value, everywhere });
}

function compileName(matcher: NameMatcher | IdentityMatcher): Result<(name: string) => boolean> {
  if (matcher.kind === 'exact') return ok((name) => name === matcher.text);
  return matcher.kind === 'regex' ? compileRegex(matcher) : compileGlob(matcher.pattern);
}
