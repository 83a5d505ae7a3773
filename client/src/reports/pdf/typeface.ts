import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { create, type Font } from 'fontkit';
import { layUnshaped, needsNoShaping } from './unshaped.ts';

/** A font and what is measured of it. */
export interface Face {
  /** What the document knows it by: its own name, under which a font is found again at once. */
  readonly name: string;
  /** As the document takes it. */
  readonly font: Font;
  has(codePoint: number): boolean;
  /** Of a character, in ems. */
  advance(codePoint: number): number;
}

/** A text with a face that has all of it. */
export interface SetText {
  readonly text: string;
  readonly face: Face;
}

/** Inter for most; DejaVu Sans, which has many more scripts, for what Inter lacks. */
const files = {
  regular: '@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf',
  strong: '@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf',
  wide: 'dejavu-fonts-ttf/ttf/DejaVuSans.ttf',
} as const;

const isOneFont = (font: ReturnType<typeof create>): font is Font => 'glyphForCodePoint' in font;

function readFont(file: string): Font {
  const font = create(readFileSync(fileURLToPath(import.meta.resolve(file))));
  if (!isOneFont(font)) throw new Error(`${file} is not one font`);
  const shaped = font.layout.bind(font);
  // Shaping takes milliseconds for each text, and most scripts need none.
  font.layout = (text, ...more) => (needsNoShaping(text) ? layUnshaped(font, text) : shaped(text, ...more));
  return font;
}

function readFace(name: keyof typeof files): Face {
  const font = readFont(files[name]);
  const advances = new Map<number, number>();
  return {
    name: font.postscriptName,
    font,
    has: (codePoint) => font.hasGlyphForCodePoint(codePoint),
    advance(codePoint) {
      let advance = advances.get(codePoint);
      if (advance === undefined) {
        advance = font.glyphForCodePoint(codePoint).advanceWidth / font.unitsPerEm;
        advances.set(codePoint, advance);
      }
      return advance;
    },
  };
}

const points = (text: string): readonly number[] => Array.from(text, (character) => character.codePointAt(0) ?? 0);
const lineFeed = 10;

/** The faces of a document. */
export class Typeface {
  readonly #regular = readFace('regular');
  readonly #strong = readFace('strong');
  readonly #wide = readFace('wide');

  get faces(): readonly Face[] {
    return [this.#regular, this.#strong, this.#wide];
  }

  /** Sets a text in one face. A character that no face has is written out as `\u{1f680}`, rather than as an empty box. */
  set(text: string, isStrong = false): SetText {
    const face = isStrong ? this.#strong : this.#regular;
    const all = points(text);
    if (all.every((point) => point === lineFeed || face.has(point))) return { text, face };
    const shown = all
      .map((point) =>
        point === lineFeed || this.#wide.has(point) ? String.fromCodePoint(point) : `\\u{${point.toString(16)}}`,
      )
      .join('');
    return { text: shown, face: this.#wide };
  }
}

/** In points. */
export function widthOf({ text, face }: SetText, size: number): number {
  let ems = 0;
  for (const point of points(text)) ems += face.advance(point);
  return ems * size;
}
