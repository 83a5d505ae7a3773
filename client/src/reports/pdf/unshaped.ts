import type { Font, Glyph, GlyphRun } from 'fontkit';

/** Latin, Greek, Cyrillic, punctuation and symbols: a glyph for each character, one beside the other. */
const simple = /^[ -\u02FF\u0370-\u0482\u048A-\u058F\u2010-\u2BFF]*$/;

/** Whether a text looks right when its glyphs merely stand side by side. */
export const needsNoShaping = (text: string): boolean => simple.test(text);

/** Sets glyphs side by side: what `layout` of fontkit gives, as far as a document reads it. */
export function layUnshaped(font: Font, text: string): GlyphRun {
  const glyphs: Glyph[] = Array.from(text, (character) => font.glyphForCodePoint(character.codePointAt(0) ?? 0));
  const positions = glyphs.map(({ advanceWidth }) => ({
    xAdvance: advanceWidth,
    yAdvance: 0,
    xOffset: 0,
    yOffset: 0,
    advanceWidth,
  }));
  const advanceWidth = glyphs.reduce((sum, glyph) => sum + glyph.advanceWidth, 0);
  // Nobody asks such a run for its box, script or features.
  return { glyphs, positions, advanceWidth } as unknown as GlyphRun;
}
