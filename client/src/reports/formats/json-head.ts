import { reportDocument, type Report, type ReportSetting } from '../report.ts';
import { dataValue } from '../values.ts';

/** What JSON says of a report before its rows. */
export function jsonHead(report: Report, { madeAtMs, person, version }: ReportSetting): object {
  const { kind, title, notes, columns, total } = report;
  return {
    format: reportDocument,
    kind,
    title,
    made_at: new Date(madeAtMs).toISOString(),
    made_by: person,
    muster: version,
    about: Object.fromEntries(notes.map((note) => [note.id, dataValue(note.kind, note.value)])),
    columns: columns.map((column) => ({ id: column.id, title: column.title, kind: column.kind })),
    total,
  };
}
