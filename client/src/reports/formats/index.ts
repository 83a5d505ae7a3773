import type { ReportFormatName } from '@muster/protocol/bridge';
import type { ReportFormat } from '../report.ts';
import { csv } from './csv.ts';
import { html } from './html.ts';
import { json } from './json.ts';
import { markdown } from './markdown.ts';
import { names } from './names.ts';
import { ndjson } from './ndjson.ts';
import { pdf } from './pdf.ts';

/** Every form that a report can have; evidence is no report, but what was signed. */
export const formats: Readonly<Record<Exclude<ReportFormatName, 'evidence'>, ReportFormat>> = {
  csv,
  json,
  ndjson,
  markdown,
  html,
  pdf,
  names,
};
