import { nodeStateNames } from '@muster/protocol/run';
import { cleanLine } from '@muster/protocol/text';
import type { ReportColumn, ReportRow } from '../report.ts';
import { isNodeState, stateTone } from '../node-states.ts';
import { countText, type HumanTexts } from '../values.ts';
import { breakLines } from './break-lines.ts';
import { columnWidths } from './column-widths.ts';
import { inks, toneInks, type Paper } from './paper.ts';
import { widthOf, type SetText, type Typeface } from './typeface.ts';

const size = 8;
const lineHeight = 10.5;
const gap = 10;
const padding = 3.5;
/** Of one value; the rest is cut, and the other formats have it. */
const mostLines = 12;
const dotRoom = 9;

/** What a column may take unless there is room to spare, in points. */
const widest = 240;
/** What a column needs to be read at all. */
export const leastWidth = 46;

interface Cell {
  readonly text: SetText;
  readonly lines: readonly string[];
  readonly color: string;
  readonly dot: string | null;
}

const isAtEnd = ({ kind }: ReportColumn): boolean => kind === 'number' || kind === 'milliseconds';

function wordsOf({ kind }: ReportColumn, value: unknown, texts: HumanTexts): string {
  return kind === 'state' && isNodeState(value)
    ? nodeStateNames[value]
    : texts.text(kind, value).replaceAll('\t', '  ');
}

/** Widths by what the first rows have. */
function measure(
  columns: readonly ReportColumn[],
  sample: readonly ReportRow[],
  { typeface, texts }: { typeface: Typeface; texts: HumanTexts },
): readonly number[] {
  return columns.map((column, at) => {
    let natural = widthOf(typeface.set(cleanLine(column.title), true), size);
    for (const { values } of sample) {
      for (const line of wordsOf(column, values[at], texts).split('\n')) {
        const text = typeface.set(line.slice(0, 200), at === 0);
        natural = Math.max(natural, widthOf(text, size) + (column.kind === 'state' ? dotRoom : 0));
      }
      if (natural >= widest) return widest + gap;
    }
    return natural + gap + 2;
  });
}

/** The rows of a report, page by page, each page with the names of the columns. */
export class TableDrawing {
  readonly #paper: Paper;
  readonly #columns: readonly ReportColumn[];
  readonly #texts: HumanTexts;
  readonly #widths: readonly number[];

  constructor(paper: Paper, columns: readonly ReportColumn[], sample: readonly ReportRow[], texts: HumanTexts) {
    this.#paper = paper;
    this.#columns = columns;
    this.#texts = texts;
    const natural = measure(columns, sample, { typeface: paper.typeface, texts });
    this.#widths = columnWidths(
      natural.map((width) => ({ natural: width, least: leastWidth })),
      paper.width,
    );
  }

  begin(total: number): void {
    if (!this.#paper.hasRoom(70)) this.#paper.newPage();
    this.#paper.y += 6;
    const title = total === 1 ? '1 node' : `${countText(total)} nodes`;
    this.#paper.words(title, this.#paper.left, this.#paper.y, { size: 10, isStrong: true });
    this.#paper.y += 18;
    this.#heads();
  }

  row({ values }: ReportRow): void {
    const cells = this.#columns.map((column, at) => this.#cell(column, values[at], at));
    const height = Math.max(1, ...cells.map(({ lines }) => lines.length)) * lineHeight + 2 * padding;
    if (!this.#paper.hasRoom(height)) {
      this.#paper.newPage();
      this.#heads();
    }
    const top = this.#paper.y + padding;
    let x = this.#paper.left;
    cells.forEach(({ text, lines, color, dot }, at) => {
      const width = this.#widths[at] ?? leastWidth;
      const column = this.#columns[at];
      const ends = column !== undefined && isAtEnd(column);
      if (dot !== null) this.#paper.dot(x + 2.5, top + 5, 2.5, dot);
      const from = ends ? x + width - gap : x + (dot === null ? 0 : dotRoom);
      lines.forEach((line, number) => {
        this.#paper.line(
          { ...text, text: line },
          from,
          top + number * lineHeight,
          { size, color },
          ends ? 'end' : 'start',
        );
      });
      x += width;
    });
    this.#paper.y += height;
    this.#paper.rule(this.#paper.y);
  }

  #cell(column: ReportColumn, value: unknown, at: number): Cell {
    const words = wordsOf(column, value, this.#texts);
    const text = this.#paper.typeface.set(words, at === 0);
    const isState = column.kind === 'state' && isNodeState(value);
    const width = (this.#widths[at] ?? leastWidth) - gap - (isState ? dotRoom : 0);
    const lines = breakLines(text, { size, width, most: mostLines });
    if (!isState) return { text, lines, color: at === 0 ? inks.ink : inks.soft, dot: null };
    const tone = toneInks[stateTone(value)];
    return { text, lines, color: tone.text, dot: tone.fill };
  }

  #heads(): void {
    const look = { size: 7.5, color: inks.faint, isStrong: true };
    const heads = this.#columns.map((column, at) => {
      const text = this.#paper.typeface.set(cleanLine(column.title), true);
      const width = (this.#widths[at] ?? leastWidth) - gap;
      return { text, lines: breakLines(text, { size: look.size, width, most: 3 }) };
    });
    const height = Math.max(...heads.map(({ lines }) => lines.length)) * lineHeight;
    let x = this.#paper.left;
    heads.forEach(({ text, lines }, at) => {
      const width = this.#widths[at] ?? leastWidth;
      const column = this.#columns[at];
      const ends = column !== undefined && isAtEnd(column);
      const from = ends ? x + width - gap : x;
      const top = this.#paper.y + height - lines.length * lineHeight;
      lines.forEach((line, number) => {
        this.#paper.line({ ...text, text: line }, from, top + number * lineHeight, look, ends ? 'end' : 'start');
      });
      x += width;
    });
    this.#paper.y += height + 3;
    this.#paper.rule(this.#paper.y, inks.strong);
  }
}
