import { fail, ok, type Result } from '../errors/index.ts';
import type { Condition, FilterExpression } from './ast.ts';
import { filterLimits } from './limits.ts';

/** Every condition of a filter, from left to right. Never recurses, so that any depth will do. */
export function* conditionsOf(filter: FilterExpression): Generator<Condition> {
  const waiting: FilterExpression[] = [filter];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next.kind === 'and' || next.kind === 'or')
      for (const operand of next.operands.toReversed()) waiting.push(operand);
    else if (next.kind === 'not') waiting.push(next.operand);
    else if (next.kind !== 'all') yield next;
  }
}

/** The filter when it keeps to the bounds on depth and number; `filter.too_deep` or `filter.too_long` otherwise. */
export function withinLimits(filter: FilterExpression): Result<FilterExpression> {
  if (depthOf(filter) > filterLimits.depth) {
    return fail('filter.too_deep', `The filter is nested deeper than ${filterLimits.depth} levels`, {
      mend: 'Join conditions side by side instead of one inside the other',
    });
  }
  let conditions = 0;
  let regexes = 0;
  for (const condition of conditionsOf(filter)) {
    conditions++;
    if (hasRegex(condition)) regexes++;
  }
  if (conditions > filterLimits.conditions) {
    return fail('filter.too_long', `The filter has more than ${filterLimits.conditions} conditions`, {
      mend: 'Name many nodes in a list instead, and use a regular expression or a range for similar names',
    });
  }
  if (regexes > filterLimits.regexes) {
    return fail('filter.too_long', `The filter has more than ${filterLimits.regexes} regular expressions`, {
      mend: 'Join regular expressions with | inside one',
    });
  }
  return ok(filter);
}

const hasRegex = (condition: Condition) =>
  'matcher' in condition ? condition.matcher.kind === 'regex' : typeof condition.value !== 'string';

/** Groups and negations inside each other, counted up to one beyond the bound. */
function depthOf(filter: FilterExpression): number {
  const waiting: { readonly filter: FilterExpression; readonly depth: number }[] = [{ filter, depth: 0 }];
  let deepest = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { filter: inner, depth } = next;
    deepest = Math.max(deepest, depth);
    if (deepest > filterLimits.depth) break;
    if (inner.kind === 'not') waiting.push({ filter: inner.operand, depth: depth + 1 });
    if (inner.kind !== 'and' && inner.kind !== 'or') continue;
    for (const operand of inner.operands) waiting.push({ filter: operand, depth: depth + 1 });
  }
  return deepest;
}
