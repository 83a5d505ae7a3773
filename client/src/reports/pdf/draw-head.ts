import { cleanLine } from '@muster/protocol/text';
import type { Report, ReportBar, ReportChart, ReportFigure, ReportSetting } from '../report.ts';
import { countText, type HumanTexts } from '../values.ts';
import { breakLines } from './break-lines.ts';
import { inks, toneInks, type Paper } from './paper.ts';
import { widthOf } from './typeface.ts';

const kinds: Readonly<Record<Report['kind'], string>> = {
  run: 'Report of a run',
  inventory: 'Report of the inventory',
  comparison: 'Comparison of two runs',
  history: 'Report of the history',
};

/** Keeps a part of the head on one page where it can. */
function makeRoom(paper: Paper, height: number): void {
  if (!paper.hasRoom(height)) paper.newPage();
}

/** Writes a text with line breaks; gives the height that it took. */
function paragraph(
  paper: Paper,
  text: string,
  place: { readonly x: number; readonly width: number; readonly most: number },
  look: { readonly size: number; readonly color?: string; readonly isStrong?: boolean },
): number {
  const set = paper.typeface.set(text, look.isStrong);
  const height = look.size * 1.35;
  const lines = breakLines(set, { size: look.size, width: place.width, most: place.most });
  lines.forEach((line, at) => paper.line({ ...set, text: line }, place.x, paper.y + at * height, look));
  return lines.length * height;
}

function drawNotes(paper: Paper, notes: readonly (readonly [string, string])[]): void {
  const perLine = Math.max(2, Math.floor(paper.width / 180));
  const width = paper.width / perLine;
  let column = 0;
  let tallest = 0;
  const endLine = () => {
    paper.y += tallest;
    column = 0;
    tallest = 0;
  };
  for (const [title, text] of notes) {
    const isWide = text.length > 44;
    if (isWide && column > 0) endLine();
    const x = paper.left + column * width;
    const room = isWide ? paper.width : width - 14;
    makeRoom(paper, 30);
    paper.words(title, x, paper.y, { size: 7.5, color: inks.faint });
    paper.y += 10;
    const height = paragraph(paper, text, { x, width: room, most: 6 }, { size: 9 });
    paper.y -= 10;
    tallest = Math.max(tallest, height + 18);
    column += 1;
    if (isWide || column === perLine) endLine();
  }
  endLine();
}

interface Strip {
  readonly x: number;
  readonly width: number;
}

/** So wide a page has two parts side by side, in points. */
const twoFrom = 640;
const between = 40;
const titleHeight = 22;
const barHeight = 13.5;
const lineHeight = 12;

function drawTitle(paper: Paper, title: string, { x, width }: Strip): void {
  const set = paper.typeface.set(title, true);
  const [line = ''] = breakLines(set, { size: 10, width, most: 1 });
  paper.line({ ...set, text: line }, x, paper.y + 2, { size: 10 });
  paper.y += titleHeight;
}

function drawShare(paper: Paper, { title, bars }: ReportChart): void {
  makeRoom(paper, 70);
  drawTitle(paper, cleanLine(title), { x: paper.left, width: paper.width });
  const total = bars.reduce((sum, { count }) => sum + count, 0);
  let { left: x } = paper;
  for (const { count, tone = 'idle' } of bars) {
    const width = total === 0 ? 0 : (count / total) * paper.width;
    paper.box(x, paper.y, width, 9, toneInks[tone].fill);
    x += width;
  }
  paper.y += 15;
  x = paper.left;
  for (const { label, count, tone = 'idle' } of bars) {
    const set = paper.typeface.set(`${cleanLine(label)}  ${countText(count)}`);
    const width = 10 + widthOf(set, 8.5) + 18;
    if (x + width > paper.left + paper.width && x > paper.left) {
      x = paper.left;
      paper.y += 14;
    }
    paper.dot(x + 3, paper.y + 5.5, 3, toneInks[tone].fill);
    paper.line(set, x + 10, paper.y, { size: 8.5 });
    x += width;
  }
  paper.y += 20;
}

function drawBar(paper: Paper, { label, count, tone }: ReportBar, most: number, { x, width }: Strip): void {
  const labels = Math.min(180, width * 0.4);
  const room = width - labels - 44;
  const set = paper.typeface.set(cleanLine(label));
  const [line = ''] = breakLines(set, { size: 8.5, width: labels - 10, most: 1 });
  paper.line({ ...set, text: line }, x, paper.y, { size: 8.5 });
  const fill = tone === undefined ? inks.bar : toneInks[tone].fill;
  paper.box(x + labels, paper.y + 1.5, Math.max(1, (count / most) * room), 7.5, fill);
  paper.words(countText(count), x + width, paper.y, { size: 8.5 }, 'end');
  paper.y += barHeight;
}

function drawLine(paper: Paper, text: string, { x, width }: Strip): void {
  const set = paper.typeface.set(text);
  const [line = ''] = breakLines(set, { size: 8.5, width, most: 1 });
  paper.line({ ...set, text: line }, x, paper.y, { size: 8.5, color: inks.soft });
  paper.y += lineHeight;
}

/** A chart of bars, or figures, that stands beside another one. */
interface Part {
  readonly height: number;
  draw(strip: Strip): void;
}

function chartPart(paper: Paper, { title, bars, rest }: ReportChart): Part {
  const most = Math.max(1, ...bars.map(({ count }) => count));
  return {
    height: titleHeight + bars.length * barHeight + (rest === undefined ? 0 : lineHeight),
    draw(strip) {
      drawTitle(paper, cleanLine(title), strip);
      for (const bar of bars) drawBar(paper, bar, most, strip);
      if (rest !== undefined) drawLine(paper, cleanLine(rest), strip);
    },
  };
}

function figurePart(paper: Paper, { title, lines }: ReportFigure): Part {
  return {
    height: titleHeight + lines.length * lineHeight,
    draw(strip) {
      drawTitle(paper, cleanLine(title), strip);
      for (const line of lines) drawLine(paper, cleanLine(line).trim(), strip);
    },
  };
}

/** Side by side where the page is wide enough. */
function drawParts(paper: Paper, parts: readonly Part[]): void {
  const beside = paper.width >= twoFrom ? 2 : 1;
  const width = (paper.width - (beside - 1) * between) / beside;
  for (let at = 0; at < parts.length; at += beside) {
    const row = parts.slice(at, at + beside);
    const height = Math.max(...row.map((part) => part.height));
    makeRoom(paper, height);
    const top = paper.y;
    row.forEach((part, place) => {
      paper.y = top;
      part.draw({ x: paper.left + place * (width + between), width });
    });
    paper.y = top + height + 14;
  }
}

/** Draws what stands before the rows: title, who and when, charts, figures. */
export function drawHead(paper: Paper, report: Report, setting: ReportSetting, texts: HumanTexts): void {
  paper.words(kinds[report.kind], paper.left, paper.y, { size: 8.5, color: inks.faint });
  paper.y += 13;
  const place = { x: paper.left, width: paper.width, most: 3 };
  paper.y += paragraph(paper, cleanLine(report.title), place, { size: 18, isStrong: true }) + 10;
  drawNotes(paper, [
    ...report.notes.map(({ title, kind, value }) => [title, texts.line(kind, value)] as const),
    ['Report made', `${texts.line('time', setting.madeAtMs)} by ${setting.person}`],
    ['Times', texts.timeZone],
  ]);
  for (const chart of report.charts.filter(({ form }) => form === 'share')) drawShare(paper, chart);
  drawParts(paper, [
    ...report.charts.filter(({ form }) => form === 'bars').map((chart) => chartPart(paper, chart)),
    ...report.figures.map((figure) => figurePart(paper, figure)),
  ]);
}
