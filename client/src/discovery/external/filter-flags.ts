import { printCondition, printFilter, type FilterExpression } from '@muster/protocol/filter';

/** A filter as the flags that say it, for programs that do not read the filter language. All that is in it must hold; of several identities one is enough. */
export interface FlagTexts {
  readonly facts: string[];
  readonly classes: string[];
  readonly agents: string[];
  readonly collectives: string[];
  readonly identities: string[];
  /** What no other flag can say, each a whole expression. */
  readonly select: string[];
}

/** `name` of `@agent=name`, `/x/` of `@agent=~/x/`. */
const matcherText = (condition: Extract<FilterExpression, { matcher: unknown }>): string => {
  const { matcher } = condition;
  if (matcher.kind === 'exact') return matcher.text;
  if (matcher.kind === 'glob') return matcher.pattern;
  return `/${matcher.source.replaceAll(/\\[\s\S]|\//g, (piece) => (piece === '/' ? '\\/' : piece))}/${matcher.flags}`;
};

const isIdentity = (filter: FilterExpression) => filter.kind === 'identity';

export function filterFlagTexts(filter: FilterExpression): FlagTexts {
  const flags: FlagTexts = { facts: [], classes: [], agents: [], collectives: [], identities: [], select: [] };
  const lists = { class: flags.classes, agent: flags.agents, collective: flags.collectives } as const;
  for (const operand of filter.kind === 'and' ? filter.operands : [filter]) {
    if (operand.kind === 'all') continue;
    if (operand.kind === 'fact') flags.facts.push(printCondition(operand));
    else if (operand.kind === 'class' || operand.kind === 'agent' || operand.kind === 'collective')
      lists[operand.kind].push(matcherText(operand));
    else if (flags.identities.length === 0 && operand.kind === 'identity') flags.identities.push(matcherText(operand));
    else if (flags.identities.length === 0 && operand.kind === 'or' && operand.operands.every(isIdentity))
      for (const name of operand.operands.filter(isIdentity)) flags.identities.push(matcherText(name));
    else flags.select.push(printFilter(operand));
  }
  return flags;
}
