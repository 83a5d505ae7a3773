import { splitPath, type Comparison, type Condition, type FilterExpression } from '@muster/protocol/filter';

/** Gives one of `count` numbers from 0, for every decision that a writer of filters is free in. */
export type Choose = (count: number) => number;

/** A tree as somebody might type it: any legal operator, quotes, blanks and no more parentheses than chance adds. */
export function spell(filter: FilterExpression, choose: Choose): string {
  const text = filter.kind === 'all' ? '@all' : spellOperand(filter, choose);
  return blank(choose) + text + blank(choose);
}

const blank = (choose: Choose) => ['', '', ' ', '\n ', '\t'][choose(5)] ?? '';
const between = (choose: Choose) => [' ', '  ', ' \n'][choose(3)] ?? ' ';

function spellOperand(filter: FilterExpression, choose: Choose): string {
  const text = spellBare(filter, choose);
  return choose(8) === 0 ? parenthesised(text, choose) : text;
}

const parenthesised = (text: string, choose: Choose) => `(${blank(choose)}${text}${blank(choose)})`;

function spellBare(filter: FilterExpression, choose: Choose): string {
  switch (filter.kind) {
    case 'all':
      return '@all';
    case 'not': {
      const inner =
        filter.operand.kind === 'and' || filter.operand.kind === 'or'
          ? parenthesised(spellBare(filter.operand, choose), choose)
          : spellOperand(filter.operand, choose);
      return choose(2) === 0 ? `not ${inner}` : `!${blank(choose)}${inner}`;
    }
    case 'and':
    case 'or': {
      const own = filter.kind;
      const operands = filter.operands.map((operand) => {
        const needs = operand.kind === own || (own === 'and' && operand.kind === 'or');
        return needs ? parenthesised(spellBare(operand, choose), choose) : spellOperand(operand, choose);
      });
      return operands.join(between(choose) + own + between(choose));
    }
    default:
      return spellCondition(filter, choose);
  }
}

function spellCondition(condition: Condition, choose: Choose): string {
  switch (condition.kind) {
    case 'fact':
      return (
        splitPath(condition.path)
          .map((step) => (/^[a-z]+$/.test(step) && choose(2) === 0 ? step : quote(step, choose)))
          .join('.')
          .replace(/^(and|or|not)$/, '"$1"') + spellComparison(condition, choose)
      );
    case 'data': {
      const { plugin, argument, output } = condition;
      const inside = argument === undefined ? '' : quote(argument, choose);
      return `${plugin}(${blank(choose)}${inside}${blank(choose)}).${output}${spellComparison(condition, choose)}`;
    }
    default: {
      const { kind, matcher } = condition;
      const sign = (...operators: string[]) =>
        `@${kind}${blank(choose)}${operators[choose(operators.length)] ?? ''}${blank(choose)}`;
      if (matcher.kind === 'regex')
        return kind === 'class' && choose(2) === 0 ? regex(matcher) : sign('=', '=~') + regex(matcher);
      if (matcher.kind === 'glob') return sign('=') + quote(matcher.pattern, choose);
      return kind === 'class' && choose(2) === 0
        ? quote(matcher.text, choose)
        : sign('==') + quote(matcher.text, choose);
    }
  }
}

function spellComparison({ operator, value }: Comparison, choose: Choose): string {
  const spellings =
    typeof value === 'string'
      ? { '=': ['=', '=='], '<=': ['<=', '=<'], '>=': ['>=', '=>'] }
      : { '=~': ['=~', '='], '!~': ['!~', '!='] };
  const [first = operator, second = operator] =
    Object.entries(spellings).find(([name]) => name === operator)?.[1] ?? [];
  const sign = choose(2) === 0 ? first : second;
  return blank(choose) + sign + blank(choose) + (typeof value === 'string' ? spellText(value, choose) : regex(value));
}

const spellText = (value: string, choose: Choose) =>
  /^[a-zA-Z0-9.+-]+$/.test(value) && choose(2) === 0 ? value : quote(value, choose);

const regex = ({ source, flags }: { readonly source: string; readonly flags: string }) =>
  `/${source.replaceAll(/\\[\s\S]|\//g, (piece) => (piece === '/' ? '\\/' : piece))}/${flags}`;

function quote(text: string, choose: Choose): string {
  const mark = choose(2) === 0 ? '"' : "'";
  return mark + text.replaceAll('\\', '\\\\').replaceAll(mark, `\\${mark}`) + mark;
}
