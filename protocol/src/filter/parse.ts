import { fail, ok, type Result, type TextSpan } from '../errors/index.ts';
import { conjunction, type Condition, type FilterExpression } from './ast.ts';
import { filterLimits } from './limits.ts';
import { withinLimits } from './measure.ts';
import { Parser } from './parser.ts';
import { printFilter } from './print.ts';
import { FilterRefusal } from './reader.ts';

/** A filter that was read, with the place of each of its conditions in the text. */
export interface PlacedFilter {
  readonly filter: FilterExpression;
  readonly placeOf: (condition: Condition) => TextSpan | undefined;
}

/** As {@link parseFilter}, for who finds fault with conditions that can be read, and wants to point at them. */
export function parsePlacedFilter(text: string): Result<PlacedFilter> {
  const whole = { start: 0, end: text.length };
  if (text.length > filterLimits.textLength) return tooLong(whole);
  const parser = new Parser(text);
  const parsed = refusable(() => withinLimits(parser.filter()));
  if (!parsed.ok) return { ok: false, error: { position: whole, ...parsed.error } };
  // Printing adds parentheses and quotes; what was accepted once must be accepted again when printed.
  const grows = text.length > filterLimits.textLength / 8;
  if (grows && printFilter(parsed.value).length > filterLimits.textLength) return tooLong(whole);
  return ok({ filter: parsed.value, placeOf: (condition) => parser.places.get(condition) });
}

/**
 * Reads a filter's text; a blank text is every node.
 * Refusals carry the place in the text: `filter.syntax`, `filter.regex`, `filter.value` (a name that cannot be one),
 * `filter.too_long` and `filter.too_deep`.
 */
export function parseFilter(text: string): Result<FilterExpression> {
  const placed = parsePlacedFilter(text);
  return placed.ok ? ok(placed.value.filter) : placed;
}

/** Reads conditions side by side, all of which must hold, as `-W` and policies have them. Refuses as {@link parseFilter} does. */
export function parseConditions(text: string): Result<FilterExpression> {
  if (text.length > filterLimits.textLength) return tooLong({ start: 0, end: text.length });
  return refusable(() => withinLimits(conjunction(new Parser(text).conditions())));
}

const tooLong = (position: { readonly start: number; readonly end: number }) =>
  fail('filter.too_long', `The filter is longer than ${filterLimits.textLength} characters`, {
    mend: 'Name many nodes in a list instead',
    position,
  });

/** Runs a reader of text; its refusal becomes a value. */
export function refusable<T>(read: () => Result<T>): Result<T> {
  try {
    return read();
  } catch (error) {
    if (error instanceof FilterRefusal) return { ok: false, error: error.fault };
    throw error;
  }
}
