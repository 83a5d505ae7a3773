import type { CopyFormatName } from '@muster/protocol/bridge';
import { fail, faultFrom, ok, type Result } from '@muster/protocol/errors';
import { cleanJson } from '@muster/protocol/text';
import { jsonRow } from './formats/json-row.ts';
import { markdownTable } from './formats/markdown.ts';
import type { OpenReport } from './open-report.ts';
import { createHumanTexts } from './values.ts';

/** The most that goes into a clipboard, in characters. */
const longestCopy = 8 * 2 ** 20;

async function* namesOf({ report }: OpenReport): AsyncIterable<string> {
  for await (const slice of report.rows()) yield slice.map(({ identity }) => `${identity}\n`).join('');
}

async function* jsonOf({ report }: OpenReport): AsyncIterable<string> {
  let before = '[\n';
  for await (const slice of report.rows()) {
    yield before + slice.map((row) => cleanJson(jsonRow(report.columns, row))).join(',\n');
    before = ',\n';
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}

/** Rows alone: what is pasted stands among other things. */
function piecesOf(open: OpenReport, format: CopyFormatName): AsyncIterable<string | Uint8Array> {
  if (format === 'names') return namesOf(open);
  if (format === 'json') return jsonOf(open);
  if (format === 'markdown') return markdownTable(open.report, createHumanTexts(open.setting));
  return open.pieces();
}

/** Rows as a text. Errors: `report.too_large`, those of reading. */
export async function copyReport(
  open: OpenReport,
  format: CopyFormatName,
): Promise<Result<{ readonly text: string; readonly rows: number }>> {
  let text = '';
  try {
    for await (const piece of piecesOf(open, format)) {
      text += typeof piece === 'string' ? piece : Buffer.from(piece).toString();
      if (text.length > longestCopy)
        return fail('report.too_large', `${open.report.total} rows are too much to copy`, {
          mend: 'Export them into a file, or choose fewer.',
        });
    }
    return ok({ text, rows: open.report.total });
  } catch (thrown) {
    return { ok: false, error: faultFrom(thrown) };
  }
}
