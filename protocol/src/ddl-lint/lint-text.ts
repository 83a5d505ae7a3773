import type { Report } from './finding.ts';

/** Longest text that a form or the head of a column takes, in characters. */
const longestLabel = 60;

/** Texts that a person should read. */
export function lintTexts(
  texts: Readonly<Record<string, string | undefined>>,
  path: readonly (string | number)[],
  report: Report,
): void {
  for (const [key, text] of Object.entries(texts)) {
    if (text?.trim() === '') report('empty-text', [...path, key], `${key} is empty`);
    if ((key === 'prompt' || key === 'display_as') && text !== undefined && text.length > longestLabel) {
      report('long-label', [...path, key], `${key} is longer than ${longestLabel} characters; say more in description`);
    }
  }
}

/** How many letters differ between two words of about the same length. */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}

/** The name that was probably meant; undefined where none is near. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const plain = word.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  const ranked = names
    .map((name) => ({ name, far: distance(plain, name.replaceAll('_', '')) }))
    .filter(({ far }) => far <= Math.max(2, Math.floor(plain.length / 3)));
  return ranked.sort((a, b) => a.far - b.far)[0]?.name;
}
