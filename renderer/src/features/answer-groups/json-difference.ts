/** One place in which a value differs from another. */
export interface Difference {
  /** Where, from the top: names of members, numbers of elements. */
  readonly path: readonly (string | number)[];
  /** What the other has there; undefined when it has nothing. */
  readonly usual: unknown;
  /** What this one has there; undefined when it has nothing. */
  readonly here: unknown;
}

type Path = Difference['path'];

const isHash = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function hashDifferences(
  usual: Readonly<Record<string, unknown>>,
  here: Readonly<Record<string, unknown>>,
  path: Path,
): readonly Difference[] {
  const names = new Set([...Object.keys(usual), ...Object.keys(here)]);
  return [...names].flatMap((name) => differences(usual[name], here[name], [...path, name]));
}

/** Elements of one list that the other lacks, each as often as it does; with their places. */
function unmatched(
  list: readonly unknown[],
  other: readonly unknown[],
): readonly { readonly place: number; readonly value: unknown }[] {
  const spare = new Map<string, number>();
  for (const value of other) {
    const text = JSON.stringify(value);
    spare.set(text, (spare.get(text) ?? 0) + 1);
  }
  return list.flatMap((value, place) => {
    const text = JSON.stringify(value);
    const left = spare.get(text) ?? 0;
    if (left === 0) return [{ place, value }];
    spare.set(text, left - 1);
    return [];
  });
}

/** Elements are known by what they are: one that was put in between does not make all that follow differ. */
function listDifferences(usual: readonly unknown[], here: readonly unknown[], path: Path): readonly Difference[] {
  const missing = unmatched(usual, here);
  const extra = unmatched(here, usual);
  if (missing.length === 0 && extra.length === 0) return [{ path, usual, here }];
  const isPaired = missing.length === extra.length;
  const changed = isPaired
    ? missing.flatMap(({ value }, index) => {
        const partner = extra[index];
        return partner === undefined ? [] : differences(value, partner.value, [...path, partner.place]);
      })
    : [];
  if (isPaired) return changed;
  return [
    ...missing.map(({ place, value }) => ({ path: [...path, place], usual: value, here: undefined })),
    ...extra.map(({ place, value }) => ({ path: [...path, place], usual: undefined, here: value })),
  ];
}

/** Where a JSON value differs from the usual one, as deep inside as can be told; empty when they are the same. */
export function differences(usual: unknown, here: unknown, path: Path = []): readonly Difference[] {
  if (JSON.stringify(usual) === JSON.stringify(here)) return [];
  if (isHash(usual) && isHash(here)) return hashDifferences(usual, here, path);
  if (Array.isArray(usual) && Array.isArray(here)) return listDifferences(usual, here, path);
  return [{ path, usual, here }];
}

/** A text in three: what it has in common with another before and after the part in which they differ. */
export interface MarkedText {
  readonly before: string;
  readonly differs: string;
  readonly after: string;
}

/** Marks what differs in two texts; all of them with `isWhole`. Nothing is in common unless it is a good part of both. */
export function markDifference(
  usual: string,
  here: string,
  { isWhole = false }: { readonly isWhole?: boolean } = {},
): { readonly usual: MarkedText; readonly here: MarkedText } {
  const shorter = isWhole ? 0 : Math.min(usual.length, here.length);
  let start = 0;
  while (start < shorter && usual[start] === here[start]) start++;
  let end = 0;
  while (end < shorter - start && usual.at(-1 - end) === here.at(-1 - end)) end++;
  if (start + end < Math.max(usual.length, here.length) / 4) [start, end] = [0, 0];
  const mark = (text: string): MarkedText => ({
    before: text.slice(0, start),
    differs: text.slice(start, text.length - end),
    after: text.slice(text.length - end),
  });
  return { usual: mark(usual), here: mark(here) };
}
