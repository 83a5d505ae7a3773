import { cleanJson } from '@muster/protocol/text';
import type { Report, ReportFormat, ReportSetting } from '../report.ts';
import { jsonHead } from './json-head.ts';
import { jsonRow } from './json-row.ts';

async function* write(report: Report, setting: ReportSetting): AsyncIterable<string> {
  yield `${cleanJson({ line: 'head', ...jsonHead(report, setting) })}\n`;
  let written = 0;
  for await (const slice of report.rows()) {
    written += slice.length;
    yield slice.map((row) => `${cleanJson({ line: 'row', ...jsonRow(report.columns, row) })}\n`).join('');
  }
  yield `${cleanJson({ line: 'end', count: written })}\n`;
}

/** A line for the head, for each row, and for the end, without which it is not whole. */
export const ndjson: ReportFormat = { mediaType: 'application/x-ndjson', ending: 'ndjson', isNested: true, write };
