/** How well a word fits a text, both in small letters; null when it does not. More is better. */
function wordScore(word: string, text: string): number | null {
  if (text.startsWith(word)) return 4;
  if (text.split(/[^\p{L}\p{N}]+/u).some((part) => part.startsWith(word))) return 3;
  if (text.includes(word)) return 2;
  return isSubsequence(word, text) ? 1 : null;
}

/** Whether the letters come in this order, whatever is between them. */
function isSubsequence(word: string, text: string): boolean {
  // One or two letters are in nearly everything.
  if (word.length < 3) return false;
  let from = 0;
  for (const letter of word) {
    const found = text.indexOf(letter, from);
    if (found < 0) return false;
    from = found + 1;
  }
  return true;
}

/** How well a text fits what was typed: every word has to; null when one does not. More is better, 0 for an empty search. */
export function matchScore(search: string, text: string): number | null {
  const lower = text.toLowerCase();
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const scores = words.map((word) => wordScore(word, lower));
  if (scores.includes(null)) return null;
  return scores.reduce((sum: number, score) => sum + (score ?? 0), 0) / Math.max(1, words.length);
}
