import { cleanJson } from '@muster/protocol/text';
import type { Report, ReportFormat, ReportSetting } from '../report.ts';
import { jsonHead } from './json-head.ts';
import { jsonRow } from './json-row.ts';

async function* write(report: Report, setting: ReportSetting): AsyncIterable<string> {
  yield `${cleanJson(jsonHead(report, setting)).slice(0, -1)},\n"rows":[`;
  let written = 0;
  for await (const slice of report.rows()) {
    let text = '';
    for (const row of slice) {
      text += `${written === 0 ? '' : ','}\n${cleanJson(jsonRow(report.columns, row))}`;
      written += 1;
    }
    yield text;
  }
  yield `${written === 0 ? '' : '\n'}],\n"count":${written}}\n`;
}

/** One document, with a line for each row. */
export const json: ReportFormat = { mediaType: 'application/json', ending: 'json', isNested: true, write };
