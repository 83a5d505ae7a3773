import { extname } from 'node:path';
import { reportFormats, type ReportFormatName } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { Option, type Command } from 'commander';

/** Flags that say in which form a report is wanted, and where. */
export interface ReportFlags {
  readonly format?: ReportFormatName;
  readonly output?: string;
  readonly replace?: true;
  readonly columns?: string;
}

/** Forms by the ending of the file that is to be written. */
const byEnding: Readonly<Record<string, ReportFormatName>> = {
  '.csv': 'csv',
  '.json': 'json',
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
  '.md': 'markdown',
  '.html': 'html',
  '.htm': 'html',
  '.pdf': 'pdf',
  '.txt': 'names',
  '.evidence': 'evidence',
};

export function addReportFlags(command: Command, formats: readonly ReportFormatName[] = reportFormats): void {
  command
    .addOption(
      new Option('--format <format>', 'form of the report (default: by the ending of the file, else csv)').choices(
        formats,
      ),
    )
    .addOption(new Option('-o, --output <file>', 'the file (default: STDOUT)'))
    .option('--replace', 'write over a file that is there');
}

/** The form that is wanted. Errors: `usage.invalid`. */
export function readFormat({ format, output }: Pick<ReportFlags, 'format' | 'output'>): Result<ReportFormatName> {
  const meant = format ?? (output === undefined ? 'csv' : byEnding[extname(output).toLowerCase()]);
  if (meant === undefined)
    return fail('usage.invalid', `The ending of ${output ?? ''} does not say what is wanted: name a --format`);
  if (output === undefined && (meant === 'pdf' || meant === 'evidence'))
    return fail('usage.invalid', `The format ${meant} goes into a file: name it with --output`);
  return ok(meant);
}

/** Names of columns in a flag; undefined for the usual ones. */
export const columnNames = (text: string | undefined): string[] | undefined =>
  text?.split(',').map((name) => name.trim());
