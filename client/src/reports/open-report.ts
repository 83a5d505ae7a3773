import type { ReportFormatName, ReportOf } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { Clock } from '@muster/runtime/effects';
import type { Comparisons } from '../comparisons/index.ts';
import type { FleetReportReader, RunHistory } from '../storage/index.ts';
import { consoleVersion } from '../version.ts';
import { formats } from './formats/index.ts';
import type { Report, ReportFormat, ReportSetting } from './report.ts';
import { comparisonReport } from './sources/comparison-source.ts';
import { historyReport } from './sources/history-source.ts';
import { inventoryReport } from './sources/inventory-source.ts';
import { runReport, type RunReportStorage } from './sources/run-source.ts';

export interface ReportTools {
  readonly storage: RunReportStorage & FleetReportReader & Pick<RunHistory, 'listRuns'>;
  readonly comparisons: Pick<Comparisons, 'get' | 'nodes' | 'pages'>;
  readonly person: string;
  readonly clock: Clock;
  /** Of times that people read; that of the system when absent. */
  readonly timeZone?: string;
}

/** A report that can be written. */
export interface OpenReport {
  readonly report: Report;
  readonly format: ReportFormat;
  /** What a file of it is called. */
  readonly fileName: string;
  readonly setting: ReportSetting;
  /** The report as it is written; reading may reject with a `MusterError`. */
  pieces(): AsyncIterable<string | Uint8Array>;
  /** Rows that were read so far. */
  readonly rowsRead: number;
}

/** Forms that people read; programs read the others. */
const forPeople: readonly ReportFormatName[] = ['markdown', 'html', 'pdf'];

/** `2026-11-26`, in UTC. */
const day = (timeMs: number): string => new Date(timeMs).toISOString().slice(0, 10);

function sourceOf(
  of: ReportOf,
  name: ReportFormatName,
  format: ReportFormat,
  tools: ReportTools,
): Promise<Result<Report>> {
  const { storage, person } = tools;
  const readers = forPeople.includes(name) ? 'people' : 'programs';
  switch (of.kind) {
    case 'run':
      return runReport(of, { readers, isNested: format.isNested }, storage);
    case 'inventory':
      return inventoryReport(of, person, storage);
    case 'comparison':
      return comparisonReport(of, readers, tools.comparisons);
    case 'history':
      return historyReport(of, tools);
  }
}

/** A report in some form, ready to be written piece by piece. What it counts tells how far it is. */
export function asOpenReport(
  report: Report,
  format: ReportFormat,
  { person, clock, timeZone }: ReportTools,
): OpenReport {
  const madeAtMs = clock();
  const setting = { madeAtMs, version: consoleVersion, person, ...(timeZone === undefined ? {} : { timeZone }) };
  let rowsRead = 0;
  async function* counted() {
    for await (const slice of report.rows()) {
      yield slice;
      rowsRead += slice.length;
    }
  }
  return {
    report,
    format,
    setting,
    fileName: `${report.fileStem}-${day(madeAtMs)}.${format.ending}`,
    pieces: () => format.write({ ...report, rows: counted }, setting),
    get rowsRead() {
      return rowsRead;
    },
  };
}

/**
 * Settles what a report has. Errors: `run.unknown`, those of the filter, `usage.invalid` for a column that there is not, and for evidence, which
 * is no report; `storage.*`.
 */
export async function openReport(
  of: ReportOf,
  name: ReportFormatName,
  tools: ReportTools,
): Promise<Result<OpenReport>> {
  if (name === 'evidence') return fail('usage.invalid', 'Evidence is of a whole run, and goes into a file');
  const format = formats[name];
  const report = await sourceOf(of, name, format, tools);
  return report.ok ? ok(asOpenReport(report.value, format, tools)) : report;
}
