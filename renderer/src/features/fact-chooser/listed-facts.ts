import type { Counted } from '@muster/protocol/bridge';

const wordsOf = (search: string): readonly string[] => search.toLowerCase().split(/\s+/).filter(Boolean);

/** The facts that may be chosen besides: all others whose path holds every word of the search. */
export function otherFacts(
  paths: readonly Counted[],
  chosen: readonly string[],
  search: string,
  most: number,
): readonly Counted[] {
  const words = wordsOf(search);
  return paths
    .filter(({ value }) => !chosen.includes(value) && words.every((word) => value.toLowerCase().includes(word)))
    .slice(0, most);
}

/** The names with one of them at another place, counted while it still stands at its own. */
export function moved(names: readonly string[], from: number, to: number): readonly string[] {
  const name = names[from];
  if (name === undefined || to < 0 || to > names.length) return names;
  return names.toSpliced(from, 1).toSpliced(to > from ? to - 1 : to, 0, name);
}
