import PDFDocument from 'pdfkit';
import type { ReportTone } from '../report.ts';
import { Typeface, widthOf, type Face, type SetText } from './typeface.ts';

/** Colours of the window's light theme. */
export const inks = {
  ink: '#191d26',
  soft: '#4a5263',
  faint: '#5f6879',
  line: '#e4e7ec',
  strong: '#c6ccd6',
  bar: '#6b77dd',
} as const;
export const toneInks: Readonly<Record<ReportTone, { readonly text: string; readonly fill: string }>> = {
  ok: { text: '#17784a', fill: '#2f9e68' },
  bad: { text: '#bf2f2a', fill: '#d64a43' },
  warn: { text: '#8a5a00', fill: '#d99a1c' },
  idle: { text: '#596275', fill: '#aeb6c4' },
};

/** A4, in points. */
const shortSide = 595.28;
const longSide = 841.89;
export const margin = 40;
const footRoom = 34;

export interface TextLook {
  readonly size: number;
  readonly color?: string;
  readonly isStrong?: boolean;
}

/** A font that was opened is taken as well as its file, of which alone the types know. */
const asSource = ({ font }: Face): string => font as unknown as string;

interface PaperOptions {
  /** Of what is on it, in points; a page is at least A4. */
  readonly contentWidth: number;
  readonly isWide: boolean;
  readonly title: string;
  /** What stands at the foot of each page, on one line. */
  readonly foot: string;
  readonly author: string;
  readonly version: string;
  readonly madeAtMs: number;
}

/** A document that grows page by page. What is finished is taken from it with {@link Paper.taken}, and then not in memory any more. */
export class Paper {
  readonly typeface = new Typeface();
  readonly left: number = margin;
  readonly width: number;
  readonly bottom: number;
  /** Where the next thing goes, in points from the top. */
  y = margin;
  readonly #document: PDFKit.PDFDocument;
  readonly #options: PaperOptions;
  readonly #size: [number, number];
  #pages = 0;

  constructor(options: PaperOptions) {
    this.#options = options;
    const [width, height] = options.isWide ? [longSide, shortSide] : [shortSide, longSide];
    this.#size = [Math.max(width, options.contentWidth + 2 * margin), height];
    this.width = this.#size[0] - 2 * margin;
    this.bottom = height - margin - footRoom + 10;
    const [regular] = this.typeface.faces;
    this.#document = new PDFDocument({
      autoFirstPage: false,
      // A cache of every word that nodes say would grow without bound; types do not know the option yet.
      ...{ fontLayoutCache: false },
      ...(regular === undefined ? {} : { font: asSource(regular) }),
      lang: 'en',
      displayTitle: true,
      info: {
        Title: options.title,
        Author: options.author,
        Creator: `Muster ${options.version}`,
        CreationDate: new Date(options.madeAtMs),
      },
    });
    for (const face of this.typeface.faces) this.#document.registerFont(face.name, asSource(face));
    this.newPage();
  }

  newPage(): void {
    this.#document.addPage({ size: this.#size, margin: 0 });
    this.#pages += 1;
    this.y = margin;
    this.#foot();
  }

  /** Whether so much has room on this page, in points. */
  hasRoom(height: number): boolean {
    return this.y + height <= this.bottom;
  }

  /** Writes one line that was broken before; `end` lets it end where it would begin. */
  line(text: SetText, x: number, y: number, look: TextLook, align: 'start' | 'end' = 'start'): void {
    if (text.text === '') return;
    const { size, color = inks.ink } = look;
    const from = align === 'end' ? x - widthOf(text, size) : x;
    this.#document.font(text.face.name).fontSize(size).fillColor(color);
    this.#document.text(text.text, from, y, { lineBreak: false });
  }

  /** Writes one line as it is. */
  words(text: string, x: number, y: number, look: TextLook, align: 'start' | 'end' = 'start'): void {
    this.line(this.typeface.set(text, look.isStrong), x, y, look, align);
  }

  box(x: number, y: number, width: number, height: number, color: string): void {
    if (width > 0) this.#document.rect(x, y, width, height).fill(color);
  }

  dot(x: number, y: number, radius: number, color: string): void {
    this.#document.circle(x, y, radius).fill(color);
  }

  rule(y: number, color: string = inks.line): void {
    this.#document
      .moveTo(this.left, y)
      .lineTo(this.left + this.width, y)
      .lineWidth(0.5)
      .stroke(color);
  }

  /** What is finished since it was asked last. */
  *taken(): Iterable<Uint8Array> {
    for (;;) {
      // A PDFDocument is a readable stream of bytes.
      const chunk = this.#document.read() as Buffer | null;
      if (chunk === null) return;
      yield chunk;
    }
  }

  *end(): Iterable<Uint8Array> {
    this.#document.end();
    yield* this.taken();
  }

  #foot(): void {
    const y = this.#size[1] - margin + 4;
    const look = { size: 7.5, color: inks.faint };
    this.words(this.#options.foot.slice(0, 90), this.left, y, look);
    this.words(`Muster ${this.#options.version}  ·  page ${this.#pages}`, this.left + this.width, y, look, 'end');
  }
}
