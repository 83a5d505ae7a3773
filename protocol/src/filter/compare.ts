import { fail, ok, type Result } from '../errors/index.ts';
import type { Comparison, RegexComparison, TextOperator } from './ast.ts';
import { isRecord } from './fact-path.ts';
import { compileRegex } from './regex.ts';

type Test<T> = (value: T) => boolean;

const decimal = /^[+-]?\d+(?:\.\d+)?$/;
const numeral = /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * A test of a fact's value: texts as they are, numbers and booleans as their text, an array when any element fits,
 * a hash when any of its keys fits. Null and what is missing never fit.
 * @returns `filter.regex` when the regular expression is broken.
 */
export function compileFactTest(comparison: Comparison): Result<Test<unknown>> {
  const test = compileScalarTest(comparison);
  if (!test.ok) return test;
  const fits = test.value;
  return ok((value) => (isRecord(value) ? anyInside(value, fits) : isScalar(value) && fits(value)));
}

type Scalar = string | number | boolean;
const isScalar = (value: unknown): value is Scalar =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** Goes through arrays of any depth without recursion. */
function anyInside(value: Readonly<Record<string, unknown>>, fits: Test<Scalar>): boolean {
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (Array.isArray(next)) for (const element of next) waiting.push(element);
    else if (isRecord(next) ? Object.keys(next).some(fits) : isScalar(next) && fits(next)) return true;
  }
  return false;
}

const byRegex = (comparison: Comparison): comparison is RegexComparison => typeof comparison.value !== 'string';

function compileScalarTest(comparison: Comparison): Result<Test<Scalar>> {
  if (byRegex(comparison)) {
    const search = compileRegex(comparison.value);
    if (!search.ok) return search;
    const wanted = comparison.operator === '=~';
    return ok((actual) => search.value(String(actual)) === wanted);
  }
  const { operator, value } = comparison;
  switch (operator) {
    case '=':
      return ok((actual) => String(actual) === value);
    case '!=':
      return ok((actual) => String(actual) !== value);
    default:
      return ok(ordering(operator, value));
  }
}

/** By number when both sides are decimal numbers, else by text, code unit by code unit. */
function ordering(operator: TextOperator, value: string): Test<Scalar> {
  const holds = orderHolds(operator);
  if (!decimal.test(value)) return (actual) => holds(order(String(actual), value));
  const number = Number(value);
  const short = value.length <= 15;
  return (actual) => {
    // A whole number of up to 15 digits is its own text: this is what the lines below come to.
    if (short && Number.isInteger(actual) && Math.abs(Number(actual)) < 1e14)
      return holds(order(Number(actual), number));
    const text = String(actual);
    if (!decimal.test(text)) return holds(typeof actual === 'number' ? order(actual, number) : order(text, value));
    return holds(short && text.length <= 15 ? order(Number(text), number) : exactOrder(text, value));
  };
}

const order = <T extends string | number>(left: T, right: T): number => (left < right ? -1 : left > right ? 1 : 0);

/** The order of two decimal numbers too long for a double. */
function exactOrder(left: string, right: string): number {
  const fraction = (text: string) => text.split('.')[1] ?? '';
  const digits = Math.max(fraction(left).length, fraction(right).length);
  const scaled = (text: string) => {
    const whole = BigInt(text.replace(/^[+-]/, '').split('.', 1).join('') + fraction(text).padEnd(digits, '0'));
    return text.startsWith('-') ? -whole : whole;
  };
  const [a, b] = [scaled(left), scaled(right)];
  return a < b ? -1 : a > b ? 1 : 0;
}

function orderHolds(operator: TextOperator): (order: number) => boolean {
  switch (operator) {
    case '=':
      return (order) => order === 0;
    case '!=':
      return (order) => order !== 0;
    case '<':
      return (order) => order < 0;
    case '<=':
      return (order) => order <= 0;
    case '>':
      return (order) => order > 0;
    case '>=':
      return (order) => order >= 0;
  }
}

/**
 * A test of a data plugin's output, by the type of the output: texts know `=`, `!=` and regular expressions, numbers
 * the six comparisons by number, booleans `=` and `!=`; anything else is false, as is an output that is not there.
 * @returns a test that refuses with `filter.value` when the output is a number or a boolean and the filter's value is not.
 */
export function compileOutputTest(comparison: Comparison): Result<(output: Scalar | undefined) => Result<boolean>> {
  const textTest = compileScalarTest(comparison);
  if (!textTest.ok) return textTest;
  if (byRegex(comparison)) return ok((output) => ok(typeof output === 'string' && textTest.value(output)));
  const { operator, value } = comparison;
  const holds = orderHolds(operator);
  const equality = operator === '=' || operator === '!=';
  return ok((output) => {
    if (output === undefined) return ok(false);
    if (typeof output === 'string') return ok(equality && textTest.value(output));
    if (typeof output === 'number') {
      return numeral.test(value) ? ok(holds(order(output, Number(value)))) : unfit(value, 'a number');
    }
    if (value !== 'true' && value !== 'false') return unfit(value, 'true or false');
    return ok(equality && textTest.value(output));
  });
}

const unfit = (value: string, expected: string) =>
  fail('filter.value', `The output is compared with \`${value}\`, but it is ${expected}`, {
    mend: `Compare it with ${expected}`,
  });
