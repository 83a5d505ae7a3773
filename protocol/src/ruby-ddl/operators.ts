import { formatPrintf } from '../ddl/index.ts';
import { RubyRefusal } from './refusal.ts';
import { isArray, isSame, madeElements, madeText, RubyRegex, RubySymbol, toText, type RubyValue } from './values.ts';

function arithmetic(operator: string, left: number, right: number): number | undefined {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/': {
      const quotient = left / right;
      return Number.isInteger(left) && Number.isInteger(right) ? Math.floor(quotient) : quotient;
    }
    case '%':
      return left - right * Math.floor(left / right);
    default:
      return undefined;
  }
}

function compare(operator: string, left: RubyValue, right: RubyValue): boolean | undefined {
  const comparable =
    (typeof left === 'number' && typeof right === 'number') || (typeof left === 'string' && typeof right === 'string');
  if (!comparable) return undefined;
  switch (operator) {
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    default:
      return undefined;
  }
}

function onText(operator: string, left: string, right: RubyValue, at: number): string | undefined {
  if ((operator === '+' || operator === '<<') && typeof right === 'string') return madeText(left + right, at);
  if (operator === '*' && typeof right === 'number' && right >= 0 && right * left.length <= 1e6) {
    return madeText(left.repeat(right), at);
  }
  if (operator !== '%') return undefined;
  const args = (isArray(right) ? right : [right]).map((value) => (typeof value === 'number' ? value : toText(value)));
  return madeText(formatPrintf(left, args), at);
}

function onArrays(operator: string, left: readonly RubyValue[], right: RubyValue, at: number): RubyValue | undefined {
  if (operator === '<<') return madeElements([...left, right], at);
  if (!isArray(right)) return undefined;
  if (operator === '+') return madeElements([...left, ...right], at);
  if (operator === '-') return left.filter((item) => !right.some((other) => isSame(item, other)));
  return undefined;
}

/** The whole numbers from one to another. */
function range(operator: string, left: RubyValue, right: RubyValue, at: number): RubyValue | undefined {
  if (!Number.isSafeInteger(left) || !Number.isSafeInteger(right)) return undefined;
  const [from, to] = [Number(left), Number(right) - (operator === '...' ? 1 : 0)];
  if (to - from >= 10_000) throw new RubyRefusal('this makes too many elements', at);
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
}

/** Whether a regular expression and a text, in either order, match; undefined for anything else. */
function match(left: RubyValue, right: RubyValue, at: number): boolean | undefined {
  const [regex, text] = left instanceof RubyRegex ? [left, right] : [right, left];
  if (!(regex instanceof RubyRegex)) return undefined;
  return typeof text === 'string' || text instanceof RubySymbol
    ? regex.matches(toText(text), at)
    : text === null
      ? false
      : undefined;
}

/** `a === b`, as `case` asks it. */
export const isCase = (pattern: RubyValue, value: RubyValue, at: number): boolean =>
  pattern instanceof RubyRegex ? (match(pattern, value, at) ?? false) : isSame(pattern, value);

function apply(operator: string, left: RubyValue, right: RubyValue, at: number): RubyValue | undefined {
  switch (operator) {
    case '==':
      return isSame(left, right);
    case '!=':
      return !isSame(left, right);
    case '===':
      return isCase(left, right, at);
    case '=~':
      return match(left, right, at);
    case '!~': {
      const matched = match(left, right, at);
      return matched === undefined ? undefined : !matched;
    }
    case '..':
    case '...':
      return range(operator, left, right, at);
    default:
      break;
  }
  if (typeof left === 'number' && typeof right === 'number') {
    const made = arithmetic(operator, left, right);
    if (made !== undefined && Number.isFinite(made)) return made;
  }
  if (typeof left === 'string') return onText(operator, left, right, at) ?? compare(operator, left, right);
  return isArray(left) ? onArrays(operator, left, right, at) : compare(operator, left, right);
}

/** The value of `left operator right`. Throws {@link RubyRefusal} where Ruby or we know none. */
export function operate(operator: string, left: RubyValue, right: RubyValue, at: number): RubyValue {
  const value = apply(operator, left, right, at);
  if (value === undefined) throw new RubyRefusal(`${operator} cannot be applied to these values`, at);
  return value;
}
