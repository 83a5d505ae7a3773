import type { DiscoveryChoice, DiscoveryMethod } from '@muster/protocol/bridge';
import { discoveryMethods } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { conditionsOf, type Condition, type FilterExpression } from '@muster/protocol/filter';
import type { NodeSource } from './node-source.ts';

const isMethod = (name: string): name is DiscoveryMethod => discoveryMethods.some((method) => method === name);

/** A method by its name. Errors: `discovery.unknown_method`. */
export function checkMethod(name: string): Result<DiscoveryMethod> {
  if (isMethod(name)) return ok(name);
  return fail('discovery.unknown_method', `Unknown discovery method ${name.slice(0, 80)}`, {
    mend: `There are: ${discoveryMethods.join(', ')}.`,
  });
}

/** Errors: `discovery.unsupported` for conditions that the method cannot evaluate; the message names each kind. */
export function checkConditions(
  filter: FilterExpression,
  { method, conditions }: Pick<NodeSource, 'method' | 'conditions'>,
): Result<void> {
  const lacking = new Set<Condition['kind']>();
  for (const { kind } of conditionsOf(filter)) if (!conditions.has(kind)) lacking.add(kind);
  if (lacking.size === 0) return ok(undefined);
  return fail(
    'discovery.unsupported',
    `Cannot use ${[...lacking].join(' and ')} filters while using the '${method}' discovery method`,
    { mend: 'Leave them out, or ask the fleet: --dm broadcast.' },
  );
}

/** Errors: `usage.invalid` for options that the method does not have. */
export function checkOptions(
  options: DiscoveryChoice['options'],
  { method, options: known }: Pick<NodeSource, 'method' | 'options'>,
): Result<void> {
  const unknown = Object.keys(options).find((name) => known !== null && !known.includes(name));
  if (known === null || unknown === undefined) return ok(undefined);
  return fail('usage.invalid', `The '${method}' discovery method has no option ${unknown}`, {
    mend: known.length === 0 ? 'It has none.' : `It has: ${known.join(', ')}.`,
  });
}
