import { nodeStateNames } from '@muster/protocol/run';
import { cleanLine } from '@muster/protocol/text';
import type { Report, ReportFormat, ReportKind, ReportSetting } from '../report.ts';
import { isNodeState } from '../node-states.ts';
import { countText, createHumanTexts, type HumanTexts } from '../values.ts';

/** Words that no reader of Markdown takes for more than words. */
const plain = /^[\p{L}\p{N}][\p{L}\p{N} .,:%()/+-]*$/u;
/** What some readers make a link of. */
const link = /www\.|:\/\/|mailto:|xmpp:/i;

/** A text that was written here, or by a node: as code where it could be taken for marks, a link, or HTML. */
function markdownText(line: string): string {
  if (line === '' || (plain.test(line) && !link.test(line))) return line;
  const fence = '`'.repeat(Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length)) + 1);
  const padding = /^[ `]|[ `]$/.test(line) ? ' ' : '';
  // Within a table a bar ends the cell, in code as well.
  return `${fence}${padding}${line}${padding}${fence}`.replaceAll('|', '\\|');
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;

const isAtEnd = (kind: ReportKind): boolean => kind === 'number' || kind === 'milliseconds';

function cellOf(texts: HumanTexts, kind: ReportKind, value: unknown): string {
  if (kind === 'state' && isNodeState(value)) return nodeStateNames[value];
  return markdownText(texts.line(kind, value));
}

function head(report: Report, setting: ReportSetting, texts: HumanTexts): string {
  const { title, notes, charts, figures } = report;
  let text = `# ${markdownText(cleanLine(title))}\n\n`;
  for (const note of notes) text += `- ${note.title}: ${markdownText(texts.line(note.kind, note.value))}\n`;
  text += `- Made: ${texts.line('time', setting.madeAtMs)} by ${markdownText(setting.person)}, Muster ${setting.version}\n`;
  text += `- Times: ${texts.timeZone}\n`;
  for (const chart of charts) {
    text += `\n## ${markdownText(cleanLine(chart.title))}\n\n${row(['', 'Nodes'])}| --- | ---: |\n`;
    text += chart.bars.map(({ label, count }) => row([markdownText(cleanLine(label)), countText(count)])).join('');
    if (chart.rest !== undefined) text += `\n${chart.rest}\n`;
  }
  for (const figure of figures) {
    text += `\n## ${markdownText(cleanLine(figure.title))}\n\n`;
    text += figure.lines.map((line) => `- ${markdownText(cleanLine(line).trim())}\n`).join('');
  }
  return text;
}

/** The table alone, as it is pasted into a ticket. */
export async function* markdownTable(report: Report, texts: HumanTexts): AsyncIterable<string> {
  const { columns } = report;
  yield row(columns.map(({ title }) => markdownText(cleanLine(title))));
  yield row(columns.map(({ kind }) => (isAtEnd(kind) ? '---:' : '---')));
  for await (const slice of report.rows()) {
    yield slice.map(({ values }) => row(columns.map(({ kind }, at) => cellOf(texts, kind, values[at])))).join('');
  }
}

async function* write(report: Report, setting: ReportSetting): AsyncIterable<string> {
  const texts = createHumanTexts(setting);
  yield head(report, setting, texts);
  yield `\n## ${countText(report.total)} nodes\n\n`;
  yield* markdownTable(report, texts);
}

/** GitHub's Markdown. */
export const markdown: ReportFormat = {
  mediaType: 'text/markdown; charset=utf-8',
  ending: 'md',
  isNested: false,
  write,
};
