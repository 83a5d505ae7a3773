import type { Counted } from '@muster/protocol/bridge';

/** The facts that the chooser lists: those that are chosen first, in their order, then all others that hold every word. */
export function listedFacts(
  paths: readonly Counted[],
  chosen: readonly string[],
  search: string,
  most: number,
): readonly Counted[] {
  const wanted = search.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = ({ value }: Counted) => wanted.every((word) => value.toLowerCase().includes(word));
  const first = chosen.map((value) => paths.find((path) => path.value === value) ?? { value, nodes: 0 });
  const others = paths.filter(({ value }) => !chosen.includes(value));
  return [...first, ...others].filter(fits).slice(0, most);
}
