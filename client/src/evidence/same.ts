import { masked } from '../runs/prepare-order.ts';

/** Whether two values are the same JSON, written in the same order. */
export const isSameJson = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** The first of the named values that the other has not; null when it has all of them. */
export function differenceOf<T extends object>(expected: T, actual: Readonly<Record<keyof T, unknown>>): string | null {
  for (const name of Object.keys(expected) as (keyof T & string)[])
    if (!isSameJson(expected[name], actual[name])) return name;
  return null;
}

/** Whether inputs that are shown are others than were asked. What is masked there is not in readable words here either. */
export function inputsDiffer(
  shown: Readonly<Record<string, unknown>>,
  asked: Readonly<Record<string, unknown>>,
): boolean {
  const open = (inputs: Readonly<Record<string, unknown>>) =>
    Object.entries(inputs).filter(([name]) => shown[name] !== masked);
  return !isSameJson(Object.fromEntries(open(shown)), Object.fromEntries(open(asked)));
}
