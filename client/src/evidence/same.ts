import { masked } from '@muster/protocol/ddl';
import type { Request } from '@muster/protocol/messages';

/** Whether two values are the same JSON, written in the same order. */
export const isSameJson = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** The first of the named values that the other has not; null when it has all of them. */
export function differenceOf<T extends object>(expected: T, actual: Readonly<Record<keyof T, unknown>>): string | null {
  for (const name of Object.keys(expected) as (keyof T & string)[])
    if (!isSameJson(expected[name], actual[name])) return name;
  return null;
}

/** Whether inputs that are shown are others than were asked. What is masked there was sealed to the node, so that nobody else can tell. */
export function inputsDiffer(
  shown: Request['inputs'],
  { inputs, sealed }: Pick<Request, 'inputs' | 'sealed'>,
): boolean {
  const plain = Object.entries(shown).filter(([, value]) => value !== masked);
  const hasMasked = plain.length < Object.keys(shown).length;
  return hasMasked !== (sealed !== undefined) || !isSameJson(Object.fromEntries(plain), inputs);
}
