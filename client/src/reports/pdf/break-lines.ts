import { widthOf, type SetText } from './typeface.ts';

interface Measure {
  readonly size: number;
  /** In points. */
  readonly width: number;
  readonly most: number;
}

/** Where a line that is too long ends: behind its last blank, else behind the last character that has room. */
function endOfLine(text: string, face: SetText['face'], { size, width }: Measure): number {
  let used = 0;
  let lastBlank = 0;
  let at = 0;
  for (const character of text) {
    used += face.advance(character.codePointAt(0) ?? 0) * size;
    if (used > width && at > 0) return lastBlank > 0 ? lastBlank : at;
    at += character.length;
    if (character === ' ') lastBlank = at;
  }
  return text.length;
}

/** Breaks a text into lines of some width; of more than `most` the last one that is left ends with `…`. */
export function breakLines({ text, face }: SetText, measure: Measure): readonly string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let rest = paragraph;
    do {
      const end = endOfLine(rest, face, measure);
      lines.push(rest.slice(0, end).trimEnd());
      rest = rest.slice(end);
      if (lines.length > measure.most) return shortened(lines, face, measure);
    } while (rest !== '');
  }
  return lines;
}

function shortened(lines: readonly string[], face: SetText['face'], { size, width, most }: Measure): readonly string[] {
  const kept = lines.slice(0, most);
  let last = kept.pop() ?? '';
  while (last !== '' && widthOf({ text: `${last}…`, face }, size) > width)
    last = Array.from(last).slice(0, -1).join('');
  return [...kept, `${last}…`];
}
