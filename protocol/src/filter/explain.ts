import type { Comparison, Condition, FilterExpression, IdentityMatcher } from './ast.ts';
import { dataQueries } from './discovery.ts';
import { splitPath } from './fact-path.ts';
import { printRegex } from './regex.ts';

const operatorWords = {
  '=': 'is',
  '!=': 'is not',
  '<': 'is less than',
  '<=': 'is at most',
  '>': 'is more than',
  '>=': 'is at least',
  '=~': 'matches',
  '!~': 'does not match',
} as const;

/** What a filter selects, in words: one sentence, or a list indented as its groups are nested. Lines end with `\n` but the last. */
export function explainFilter(filter: FilterExpression): string {
  const [first = '', ...others] = lines(filter);
  const group = others.length > 0;
  const sentence = filter.kind === 'all' ? 'Every node.' : `Nodes where ${first}${group ? '' : '.'}`;
  const plugins = [...new Set(dataQueries(filter).map(({ plugin }) => plugin))];
  const notes = plugins.map((plugin) => `Nodes without the data plugin ${plugin} are left out.`);
  return [sentence, ...others, ...notes].join('\n');
}

function lines(filter: FilterExpression): readonly string[] {
  switch (filter.kind) {
    case 'all':
      return ['nothing else is asked'];
    case 'and':
      return ['all of these hold:', ...filter.operands.flatMap(item)];
    case 'or':
      return ['at least one of these holds:', ...filter.operands.flatMap(item)];
    case 'not':
      return ['this does not hold:', ...item(filter.operand)];
    default:
      return [explainCondition(filter)];
  }
}

function item(filter: FilterExpression): readonly string[] {
  const [first = '', ...others] = lines(filter);
  return [`  - ${first}`, ...others.map((line) => `  ${line}`)];
}

function explainCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'fact':
      return `the fact ${splitPath(condition.path).join('.')} ${explainComparison(condition)}`;
    case 'data': {
      const about = condition.argument === undefined ? '' : ` about "${condition.argument}"`;
      return `the data plugin ${condition.plugin}, asked${about}, says that ${condition.output} ${explainComparison(condition)}`;
    }
    case 'class':
      return `${explainMatcher('a class', 'the class', condition.matcher)} is assigned`;
    case 'agent':
      return `${explainMatcher('an agent', 'the agent', condition.matcher)} is installed`;
    case 'collective':
      return `${explainMatcher('a collective', 'the collective', condition.matcher)} is joined`;
    case 'identity':
      return explainIdentity(condition.matcher);
  }
}

const explainComparison = ({ operator, value }: Comparison): string =>
  `${operatorWords[operator]} ${typeof value === 'string' ? `"${value}"` : printRegex(value)}`;

function explainMatcher(any: string, the: string, matcher: IdentityMatcher): string {
  switch (matcher.kind) {
    case 'exact':
      return `${the} ${matcher.text}`;
    case 'regex':
      return `${any} that matches ${printRegex(matcher)}`;
    case 'glob':
      return `${any} that fits ${matcher.pattern}`;
  }
}

function explainIdentity(matcher: IdentityMatcher): string {
  switch (matcher.kind) {
    case 'exact':
      return `the identity is ${matcher.text}`;
    case 'regex':
      return `the identity matches ${printRegex(matcher)}`;
    case 'glob':
      return `the identity fits ${matcher.pattern}`;
  }
}
