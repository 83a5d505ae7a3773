import { ok, type Result } from '../errors/index.ts';
import { compileOutputTest, parseFilter, type Comparison, type FilterExpression } from '../filter/index.ts';
import { policyLimits } from './limits.ts';
import { faultAt, within, type Piece } from './text.ts';
import type { Effect } from './policy.ts';
import type { Verdict } from './verdict.ts';

/** What `where` asks of one input. */
export type Constraint =
  | {
      readonly kind: 'compared';
      readonly input: string;
      readonly comparison: Comparison;
      readonly judge: (value: unknown) => Verdict;
    }
  | { readonly kind: 'given' | 'absent'; readonly input: string };

const grammar =
  'Write conditions such as command = /^uptime/, timeout < 60, user or not user, joined by `and`; write two rules for `or`.';
const inputPattern = /^\w{1,64}$/;

/** The conditions on inputs after `where`, in the words of the filter language: inputs stand where filters have facts and classes. */
export function parseConstraints(where: Piece): Result<readonly Constraint[]> {
  if (where.text === '') return faultAt(where, '`where` needs a condition on an input', grammar);
  const filter = within(where, parseFilter(where.text));
  if (!filter.ok) return filter;
  const conditions = filter.value.kind === 'and' ? filter.value.operands : [filter.value];
  if (conditions.length > policyLimits.constraints) {
    return faultAt(where, `There are more than ${policyLimits.constraints} conditions on inputs`);
  }
  const constraints: Constraint[] = [];
  for (const condition of conditions) {
    const constraint = toConstraint(condition);
    if (constraint === undefined) return faultAt(where, 'This is not a list of conditions on inputs', grammar);
    if (!constraint.ok) return within(where, constraint);
    constraints.push(constraint.value);
  }
  return ok(constraints);
}

function toConstraint(condition: FilterExpression): Result<Constraint> | undefined {
  if (condition.kind === 'not') {
    const input = givenInput(condition.operand);
    return input === undefined ? undefined : ok({ kind: 'absent', input });
  }
  if (condition.kind === 'fact') {
    const { path: input } = condition;
    if (!inputPattern.test(input)) return undefined;
    const judge = compileJudge(condition);
    return judge.ok ? ok({ kind: 'compared', input, comparison: condition, judge: judge.value }) : judge;
  }
  const input = givenInput(condition);
  return input === undefined ? undefined : ok({ kind: 'given', input });
}

/** The input of a condition that is nothing but its name. */
const givenInput = (condition: FilterExpression): string | undefined =>
  condition.kind === 'class' && condition.matcher.kind === 'exact' && inputPattern.test(condition.matcher.text)
    ? condition.matcher.text
    : undefined;

const isEquality = ({ operator }: Comparison): boolean => operator === '=' || operator === '!=';
export const isNegative = ({ operator }: Comparison): boolean => operator === '!=' || operator === '!~';

/**
 * Whether inputs of a type can be compared like that: texts by `=`, `!=` and regular expressions, numbers with numbers by the six
 * comparisons, booleans with `true` and `false` by `=` and `!=`.
 */
export function fitsType(comparison: Comparison, type: 'string' | 'number' | 'boolean'): boolean {
  const { value } = comparison;
  if (typeof value !== 'string') return type === 'string';
  if (type === 'string') return isEquality(comparison);
  if (type === 'number') return /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(value);
  return isEquality(comparison) && (value === 'true' || value === 'false');
}

function compileJudge(comparison: Comparison): Result<(value: unknown) => Verdict> {
  const test = compileOutputTest(comparison);
  if (!test.ok) return test;
  return ok((value) => {
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return 'unknown';
    const type = typeof value === 'string' ? 'string' : typeof value === 'number' ? 'number' : 'boolean';
    const holds = fitsType(comparison, type) ? test.value(value) : undefined;
    return holds?.ok === true ? (holds.value ? 'yes' : 'no') : 'unknown';
  });
}

/**
 * Whether a constraint holds for the inputs of a request, as the effect of its rule has it. What is not told never helps the caller:
 *
 * - of an array, all elements must fit where the rule allows, and there must be some; one is enough where it denies;
 * - of an input that is not given, nothing holds where the rule allows; `!=` and `!~` hold where it denies.
 */
export function judgeConstraint(
  constraint: Constraint,
  inputs: Readonly<Record<string, unknown>>,
  effect: Effect,
): Verdict {
  const isGiven = Object.hasOwn(inputs, constraint.input);
  if (constraint.kind !== 'compared') return isGiven === (constraint.kind === 'given') ? 'yes' : 'no';
  const value = isGiven ? inputs[constraint.input] : [];
  const verdicts = (Array.isArray(value) ? value : [value]).map(constraint.judge);
  if (effect === 'allow') {
    return verdicts.length > 0 && verdicts.every((verdict) => verdict === 'yes') ? 'yes' : 'no';
  }
  if (verdicts.length === 0) return isNegative(constraint.comparison) ? 'yes' : 'no';
  if (verdicts.includes('yes')) return 'yes';
  return verdicts.includes('unknown') ? 'unknown' : 'no';
}
