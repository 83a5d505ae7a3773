import type { Comparison, Condition, DataCondition, FilterExpression, FilterNode } from '@muster/protocol/filter';

/** What the naive evaluator says: a match, none, a value that does not fit an output, or no opinion (JavaScript and RE2 differ). */
export type Verdict = boolean | 'error' | 'no opinion';

class Misfit extends Error {}
class NoOpinion extends Error {}

/** The filter language a second time, written for plainness alone: no compilation, no shared code, recursion throughout. */
export function referenceMatch(filter: FilterExpression, node: FilterNode): Verdict {
  try {
    const asked = dataConditions(filter);
    if (asked.some(({ plugin, argument }) => node.data?.(plugin, argument ?? '').known !== true)) return false;
    for (const condition of asked) holds(condition, node);
    return holds(filter, node);
  } catch (error) {
    if (error instanceof Misfit) return 'error';
    if (error instanceof NoOpinion) return 'no opinion';
    throw error;
  }
}

function dataConditions(filter: FilterExpression): DataCondition[] {
  if (filter.kind === 'and' || filter.kind === 'or') return filter.operands.flatMap(dataConditions);
  if (filter.kind === 'not') return dataConditions(filter.operand);
  return filter.kind === 'data' ? [filter] : [];
}

function holds(filter: FilterExpression, node: FilterNode): boolean {
  switch (filter.kind) {
    case 'all':
      return true;
    case 'not':
      return !holds(filter.operand, node);
    case 'and':
      return filter.operands.map((operand) => holds(operand, node)).every(Boolean);
    case 'or':
      return filter.operands.map((operand) => holds(operand, node)).some(Boolean);
    case 'fact':
      return valuesOf(fact(filter.path, node.facts)).some((value) => compareFact(value, filter));
    case 'data':
      return compareOutput(filter, node);
    default:
      return nameHolds(filter, node);
  }
}

function nameHolds(condition: Exclude<Condition, { kind: 'fact' | 'data' }>, node: FilterNode): boolean {
  const { matcher } = condition;
  const names = {
    class: node.classes,
    agent: [...node.agents, ...(matcher.kind === 'exact' ? ['mcollective'] : [])],
    collective: node.collectives,
    identity: [node.identity],
  }[condition.kind];
  if (matcher.kind === 'exact') return names.includes(matcher.text);
  const pattern = matcher.kind === 'regex' ? regex(matcher) : globRegex(matcher.pattern);
  return names.some((name) => pattern.test(name));
}

function regex({ source, flags }: { readonly source: string; readonly flags: string }): RegExp {
  try {
    return new RegExp(source, `${flags}u`);
  } catch {
    throw new NoOpinion();
  }
}

/** Numeric ranges are spelled out number by number. */
function globRegex(pattern: string): RegExp {
  const body = pattern.replaceAll(/\[([^\]]*)\]|\*|\?|[^*?[]/g, (piece, inside: string | undefined) => {
    if (piece === '*') return '.*';
    if (piece === '?') return '.';
    if (inside === undefined) return piece.replaceAll(/[\\^$.|+(){}/\]-]/g, '\\$&');
    if (!/^[\d,-]+$/.test(inside) || !/[,-]/.test(inside)) return `[${inside.replace('!', '^')}]`;
    const numbers = inside.split(',').flatMap((part) => {
      const [low = '', high = low] = part.split('-');
      const padded = /^0\d/.test(low) || /^0\d/.test(high);
      const all: string[] = [];
      for (let number = Number(low); number <= Number(high); number++) {
        all.push(padded ? String(number).padStart(Math.max(low.length, high.length), '0') : String(number));
      }
      return all;
    });
    return `(?:${numbers.join('|')})`;
  });
  return new RegExp(`^(?:${body})$`, 's');
}

function fact(path: string, facts: Readonly<Record<string, unknown>>): unknown {
  const steps = [...path.matchAll(/((?:\\[\s\S]|[^.\\])+)(?:\.|$)/g)].map(([, step = '']) =>
    step.replaceAll(/\\([\s\S])/g, '$1'),
  );
  const own = (object: object, key: string): unknown => Object.entries(object).find(([name]) => name === key)?.[1];
  const whole = steps.join('.');
  if (Object.keys(facts).includes(whole)) return own(facts, whole);
  return steps.reduce<unknown>(
    (value, step) => (typeof value === 'object' && value !== null ? own(value, step) : undefined),
    facts,
  );
}

/** All that a comparison may hold for: elements of arrays at any depth, keys of hashes, single values. */
function valuesOf(value: unknown): (string | number | boolean)[] {
  if (Array.isArray(value)) return value.flatMap(valuesOf);
  if (typeof value === 'object' && value !== null) return Object.keys(value);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [value] : [];
}

function compareFact(actual: string | number | boolean, { operator, value }: Comparison): boolean {
  const text = String(actual);
  if (typeof value !== 'string') return regex(value).test(text) === (operator === '=~');
  const isNumber = (side: string) => /^[+-]?\d+(\.\d+)?$/.test(side);
  if (operator === '=' || operator === '!=') return (text === value) === (operator === '=');
  if (typeof actual === 'number' && !isNumber(text) && isNumber(value))
    return ordered(actual - Number(value), operator);
  return ordered(
    isNumber(text) && isNumber(value) ? scaled(text) - scaled(value) : text < value ? -1 : Number(text > value),
    operator,
  );
}

function ordered(difference: bigint | number, operator: string): boolean {
  switch (operator) {
    case '<':
      return difference < 0;
    case '<=':
      return difference <= 0;
    case '>':
      return difference > 0;
    case '>=':
      return difference >= 0;
    case '=':
      return difference == 0;
    default:
      return difference != 0;
  }
}

/** A decimal number times 10 to the 60th. */
function scaled(text: string): bigint {
  const [, sign, whole = '', fraction = ''] = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  const size = BigInt(whole + fraction.padEnd(60, '0'));
  return sign === '-' ? -size : size;
}

function compareOutput({ plugin, argument, output, operator, value }: DataCondition, node: FilterNode): boolean {
  const answer = node.data?.(plugin, argument ?? '');
  const actual =
    answer?.known === true ? Object.entries(answer.outputs).find(([name]) => name === output)?.[1] : undefined;
  if (actual === undefined) return false;
  if (typeof value !== 'string') return typeof actual === 'string' && regex(value).test(actual) === (operator === '=~');
  const equal = operator === '=' || operator === '!=';
  if (typeof actual === 'number') {
    if (!/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value)) throw new Misfit();
    return ordered(actual - Number(value), operator);
  }
  if (typeof actual === 'boolean' && value !== 'true' && value !== 'false') throw new Misfit();
  return equal && (String(actual) === value) === (operator === '=');
}
