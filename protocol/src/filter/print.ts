import type { Comparison, Condition, FilterExpression, IdentityMatcher } from './ast.ts';
import { splitPath } from './fact-path.ts';
import { isGlob } from './identity-glob.ts';
import { printRegex } from './regex.ts';

const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * The canonical text of a filter, from which the parser makes the same tree again; every node is the empty text.
 * Recurses, so the filter must keep to the bound on depth, as every filter from this package's functions does.
 */
export function printFilter(filter: FilterExpression): string {
  return filter.kind === 'all' ? '' : print(filter);
}

function print(filter: FilterExpression): string {
  switch (filter.kind) {
    case 'all':
      return '@all';
    case 'not':
      return `not ${operand(filter.operand)}`;
    case 'and':
    case 'or': {
      const [only, ...others] = filter.operands;
      if (only === undefined) return filter.kind === 'and' ? '@all' : 'not @all';
      return others.length === 0 ? print(only) : filter.operands.map(operand).join(` ${filter.kind} `);
    }
    default:
      return printCondition(filter);
  }
}

/** An operand, in parentheses when it is a combination itself, even where precedence would do without. */
function operand(filter: FilterExpression): string {
  const combined = (filter.kind === 'and' || filter.kind === 'or') && filter.operands.length > 1;
  return combined ? `(${print(filter)})` : print(filter);
}

/** One condition as text. */
export function printCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'fact':
      return `${splitPath(condition.path).map(printStep).join('.')}${printComparison(condition)}`;
    case 'data': {
      const argument = condition.argument === undefined ? '' : quote(condition.argument, "'");
      return `${condition.plugin}(${argument}).${condition.output}${printComparison(condition)}`;
    }
    case 'class': {
      const { matcher } = condition;
      if (matcher.kind === 'regex') return printRegex(matcher);
      return isPlainClass(matcher.text) ? matcher.text : quote(matcher.text);
    }
    default:
      return `@${condition.kind}${printMatcher(condition.matcher)}`;
  }
}

function printMatcher(matcher: IdentityMatcher): string {
  switch (matcher.kind) {
    case 'regex':
      return `=~${printRegex(matcher)}`;
    case 'glob':
      return `=${printValue(matcher.pattern)}`;
    case 'exact':
      return `${isGlob(matcher.text) ? '==' : '='}${printValue(matcher.text)}`;
  }
}

const printComparison = ({ operator, value }: Comparison): string =>
  operator + (typeof value === 'string' ? printValue(value) : printRegex(value));

const printStep = (step: string): string =>
  /^[\p{L}\p{M}\p{N}_:-]+$/u.test(step) && !isWord(step) ? step : quote(step);

const printValue = (value: string): string =>
  /^[\p{L}\p{M}\p{N}_.:,+@%*?[\]-][\p{L}\p{M}\p{N}_.:,+@%*?[\]/!^-]*$/u.test(value) ? value : quote(value);

/** A class that reads back as itself: nothing but name characters, no empty step, no word of the language. */
const isPlainClass = (text: string): boolean =>
  /^[\p{L}\p{M}\p{N}_:-]+(\.[\p{L}\p{M}\p{N}_:-]+)*$/u.test(text) && !isWord(text);

const isWord = (text: string): boolean => text === 'and' || text === 'or' || text === 'not';

/** Text between quotes, as the parser reads it back. */
function quote(text: string, mark: '"' | "'" = '"'): string {
  const inside = text.replaceAll(/["'\\\n\r\t]/g, (char) => {
    if (char === '"' || char === "'") return char === mark ? `\\${char}` : char;
    return escapes[char] ?? '\\\\';
  });
  return mark + inside + mark;
}
