import { nodeStateNames } from '@muster/protocol/run';
import { createHash } from 'node:crypto';
import { cleanLine } from '@muster/protocol/text';
import type { Report, ReportColumn, ReportFormat, ReportRow, ReportSetting } from '../report.ts';
import { isNodeState, stateTone } from '../node-states.ts';
import { countText, createHumanTexts, type HumanTexts } from '../values.ts';
import { htmlChart, htmlFigure, htmlState, htmlText } from './html-parts.ts';
import { htmlStyle } from './html-style.ts';

const styleHash = createHash('sha256').update(htmlStyle).digest('base64');

/** Even if a node's words became a tag: no script runs, nothing is loaded or sent, and no style but ours counts. */
const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'`;

const kinds: Readonly<Record<Report['kind'], string>> = {
  run: 'Report of a run',
  inventory: 'Report of the inventory',
  comparison: 'Comparison of two runs',
  history: 'Report of the history',
};

/** Texts up to this length stay on one line, where there are not too many columns. */
const shortUpTo = 20;
const roomyUpTo = 10;
/** Texts from this length on may be broken anywhere: what is shorter keeps its column wide enough for its words. */
const longFrom = 48;

function classOf({ kind }: ReportColumn, text: string, columns: number): string {
  if (kind === 'number' || kind === 'milliseconds') return ' class="end"';
  if (text.length <= shortUpTo && columns <= roomyUpTo && !text.includes('\n')) return ' class="short"';
  if (text.length < longFrom) return '';
  return kind === 'json' && /^[[{]/.test(text) ? ' class="long data"' : ' class="long"';
}

const headClass = ({ kind }: ReportColumn): string =>
  kind === 'number' || kind === 'milliseconds' ? ' class="end"' : '';

function note(title: string, text: string): string {
  const isLong = text.length > 60 ? ' class="wide"' : '';
  return `<div${isLong}><dt>${htmlText(title)}</dt><dd>${htmlText(text)}</dd></div>\n`;
}

function head(report: Report, { madeAtMs, person, version }: ReportSetting, texts: HumanTexts): string {
  const { title, kind, notes, charts, figures } = report;
  const shownTitle = htmlText(cleanLine(title));
  const about = [
    ...notes.map((one) => note(one.title, texts.text(one.kind, one.value))),
    note('Report made', `${texts.line('time', madeAtMs)} by ${person}`),
    note('Times', texts.timeZone),
  ];
  const parts = [...charts.map(htmlChart), ...figures.map(htmlFigure)];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Muster ${htmlText(version)}">
<meta name="referrer" content="no-referrer">
<title>${shownTitle}</title>
<style>${htmlStyle}</style>
</head>
<body>
<main>
<header>
<p class="kind">${kinds[kind]}</p>
<h1>${shownTitle}</h1>
<dl class="about">
${about.join('')}</dl>
</header>
${parts.length === 0 ? '' : `<div class="parts">\n${parts.join('')}</div>\n`}`;
}

function cell(
  column: ReportColumn,
  value: unknown,
  { texts, isFirst, columns }: { texts: HumanTexts; isFirst: boolean; columns: number },
): string {
  const tag = isFirst ? 'th' : 'td';
  const scope = isFirst ? ' scope="row"' : '';
  if (column.kind === 'state' && isNodeState(value))
    return `<${tag}${scope}>${htmlState(nodeStateNames[value], stateTone(value))}</${tag}>`;
  const text = texts.text(column.kind, value);
  return `<${tag}${scope}${classOf(column, text, columns)}>${htmlText(text)}</${tag}>`;
}

function tableRow(columns: readonly ReportColumn[], { values }: ReportRow, texts: HumanTexts): string {
  const cells = columns.map((column, at) =>
    cell(column, values[at], { texts, isFirst: at === 0, columns: columns.length }),
  );
  return `<tr>${cells.join('')}</tr>\n`;
}

async function* write(report: Report, setting: ReportSetting): AsyncIterable<string> {
  const { columns, total } = report;
  const texts = createHumanTexts(setting);
  yield head(report, setting, texts);
  const heads = columns.map(
    (column) => `<th scope="col"${headClass(column)}>${htmlText(cleanLine(column.title))}</th>`,
  );
  yield `<table class="rows">\n<caption>${countText(total)} ${total === 1 ? 'node' : 'nodes'}</caption>\n<thead><tr>${heads.join('')}</tr></thead>\n<tbody>\n`;
  for await (const slice of report.rows()) yield slice.map((row) => tableRow(columns, row, texts)).join('');
  yield `</tbody>\n</table>\n${total === 0 ? '<p class="none">No node is in this report.</p>\n' : ''}`;
  yield `<footer>Muster ${htmlText(setting.version)}</footer>\n</main>\n</body>\n</html>\n`;
}

/** One page that needs nothing besides: for reading, sending and printing. */
export const html: ReportFormat = { mediaType: 'text/html; charset=utf-8', ending: 'html', isNested: false, write };
