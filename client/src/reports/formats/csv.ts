import type { Report, ReportFormat } from '../report.ts';
import { plainText } from '../values.ts';
import { csvLine } from './csv-line.ts';

async function* write(report: Report): AsyncIterable<string> {
  const { columns } = report;
  yield csvLine(columns.map(({ id }) => id));
  for await (const slice of report.rows()) {
    yield slice.map(({ values }) => csvLine(columns.map(({ kind }, at) => plainText(kind, values[at])))).join('');
  }
}

/** A table and nothing else: RFC 4180, UTF-8, safe to open in a spreadsheet. */
export const csv: ReportFormat = { mediaType: 'text/csv; charset=utf-8', ending: 'csv', isNested: false, write };
