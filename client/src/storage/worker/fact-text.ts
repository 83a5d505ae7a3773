/** A fact as a grid shows it: text as it is, everything else as JSON; null when there is none. */
export function factText(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const isHash = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The values that count of a fact, each once: a scalar, each element of a list, each key of a hash. */
export function factTexts(value: unknown): readonly string[] {
  if (isHash(value)) return Object.keys(value);
  const texts = Array.isArray(value) ? value.map(factText) : [factText(value)];
  return [...new Set(texts)].filter((text) => text !== null);
}

const decimal = /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const collator = new Intl.Collator('en', { numeric: true });

/** For each code its place in the order: numbers by size, then texts with the numbers inside them by size; code 0 is not placed. */
export function rankValues(values: readonly unknown[]): Uint32Array {
  const keys = values.map((value, code) => {
    const text = factText(value) ?? '';
    return { code, text, number: decimal.test(text) ? Number(text) : null };
  });
  keys.sort((a, b) => {
    if (a.number !== null && b.number !== null) return a.number - b.number;
    if (a.number !== null || b.number !== null) return a.number === null ? 1 : -1;
    return collator.compare(a.text, b.text);
  });
  const ranks = new Uint32Array(values.length);
  let rank = 0;
  let before: (typeof keys)[number] | undefined;
  for (const key of keys) {
    // `7` and `"7"` are one place, so that the identities decide.
    if (before?.text !== key.text) rank++;
    ranks[key.code] = rank;
    before = key;
  }
  return ranks;
}
