import { compileCondition, printCondition, type Condition, type FilterExpression } from '../filter/index.ts';

interface Literal {
  readonly condition: Condition;
  readonly holds: boolean;
}

/** More alternatives are not looked through. */
const mostAlternatives = 256;

/** A filter as alternatives of conditions that hold or do not; undefined when there are too many. */
function alternativesOf(filter: FilterExpression, holds = true): readonly (readonly Literal[])[] | undefined {
  switch (filter.kind) {
    case 'all':
      return holds ? [[]] : [];
    case 'not':
      return alternativesOf(filter.operand, !holds);
    case 'and':
    case 'or': {
      const parts = filter.operands.map((operand) => alternativesOf(operand, holds));
      let result: readonly (readonly Literal[])[] = (filter.kind === 'and') === holds ? [[]] : [];
      for (const part of parts) {
        if (part === undefined) return undefined;
        result =
          (filter.kind === 'and') === holds
            ? result.flatMap((left) => part.map((right) => [...left, ...right]))
            : [...result, ...part];
        if (result.length > mostAlternatives) return undefined;
      }
      return result;
    }
    default:
      return [[{ condition: filter, holds }]];
  }
}

/** Whether a node of this name can fit all that is asked of the identity. */
function identityFits(identity: string, literals: readonly Literal[]): boolean {
  return literals.every(({ condition, holds }) => {
    if (condition.kind !== 'identity') return true;
    const test = compileCondition(condition);
    return !test.ok || test.value.subject !== 'identity' || test.value.fits(identity) === holds;
  });
}

function contradicts(literals: readonly Literal[]): boolean {
  const seen = new Map<string, boolean>();
  for (const { condition, holds } of literals) {
    const text = printCondition(condition);
    if (seen.get(text) === !holds) return true;
    seen.set(text, holds);
  }
  return literals.some(
    ({ condition, holds }) =>
      holds &&
      condition.kind === 'identity' &&
      condition.matcher.kind === 'exact' &&
      !identityFits(condition.matcher.text, literals),
  );
}

/**
 * Whether no node at all can fit a filter: it asks for something and its contrary, or for a node of two names. Facts that differ are no
 * contradiction, for a fact may be an array.
 */
export const isImpossible = (filter: FilterExpression): boolean =>
  alternativesOf(filter)?.every((literals) => contradicts(literals)) ?? false;
