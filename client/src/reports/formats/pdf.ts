import { setImmediate as untilOthersHadTheirTurn } from 'node:timers/promises';
import { cleanLine } from '@muster/protocol/text';
import type { Report, ReportFormat, ReportRow, ReportSetting } from '../report.ts';
import { createHumanTexts } from '../values.ts';

/** So many rows are set before others get their turn: setting takes time, and the engine has other things to do. */
const rowsAtOnce = 25;
/** From so many columns on a page lies on its side. */
const wideFrom = 5;

async function* write(report: Report, setting: ReportSetting): AsyncIterable<Uint8Array> {
  // Fonts and the writer of PDF are large; nothing else needs them.
  const [{ Paper }, { drawHead }, { leastWidth, TableDrawing }] = await Promise.all([
    import('../pdf/paper.ts'),
    import('../pdf/draw-head.ts'),
    import('../pdf/draw-table.ts'),
  ]);
  const texts = createHumanTexts(setting);
  const { columns } = report;
  const paper = new Paper({
    contentWidth: columns.length * leastWidth,
    isWide: columns.length >= wideFrom,
    title: cleanLine(report.title),
    foot: cleanLine([report.title, report.mark].filter((text) => text !== '').join('  ·  ')),
    author: setting.person,
    version: setting.version,
    madeAtMs: setting.madeAtMs,
  });
  drawHead(paper, report, setting, texts);
  yield* paper.taken();
  let table: InstanceType<typeof TableDrawing> | null = null;
  const begin = (sample: readonly ReportRow[]) => {
    const begun = new TableDrawing(paper, columns, sample, texts);
    begun.begin(report.total);
    return begun;
  };
  for await (const slice of report.rows()) {
    table ??= begin(slice);
    for (let from = 0; from < slice.length; from += rowsAtOnce) {
      for (const row of slice.slice(from, from + rowsAtOnce)) table.row(row);
      yield* paper.taken();
      await untilOthersHadTheirTurn();
    }
  }
  if (table === null) begin([]);
  yield* paper.end();
}

/** Pages for printing and sending. Values of many lines are cut. */
export const pdf: ReportFormat = { mediaType: 'application/pdf', ending: 'pdf', isNested: false, write };
