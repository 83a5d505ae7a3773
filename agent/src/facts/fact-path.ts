import { isFactMap, type Facts, type FactValue } from './value.ts';

/**
 * A fact by name or by dotted path into structured facts: `os.family`, `processors.models.0`.
 * A fact whose own name has dots goes first; array elements are numbered from 0. Undefined where there is nothing.
 */
export function factAt(facts: Facts, path: string): FactValue | undefined {
  if (Object.hasOwn(facts, path)) return facts[path];
  let value: FactValue | undefined = facts;
  for (const step of path.split('.')) {
    if (Array.isArray(value))
      value = /^\d{1,9}$/.test(step) ? (value as readonly FactValue[])[Number(step)] : undefined;
    else if (isFactMap(value) && Object.hasOwn(value, step)) value = value[step];
    else return undefined;
  }
  return value;
}
