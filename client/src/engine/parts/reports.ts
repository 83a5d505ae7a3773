import type { CopyFormatName, EndpointResult, ReportFormatName, ReportOf } from '@muster/protocol/bridge';
import type { Result } from '@muster/protocol/errors';
import type { ExportedEvidence, ExportOrder } from '../../evidence/index.ts';
import type { OpenReport, ReportJobs, ReportPlace, WrittenReport } from '../../reports/index.ts';

/** What proves who asked what, and what each node answered. */
export interface Evidence {
  /**
   * Writes what was signed in a run that has ended into one file. Errors: `run.unknown`, `evidence.missing`, `file.unwritable`, `storage.*`.
   */
  export(order: ExportOrder): Promise<Result<ExportedEvidence>>;
}

/** What is known, written out: answers of runs, and the inventory. See docs/guide/reports.md. Each that was written is in the audit. */
export interface Reports {
  /** Those that are written for windows, while people go on with other things. */
  readonly jobs: ReportJobs;
  /** Settles what a report has; nothing is read yet. Errors: `run.unknown`, those of the filter, `usage.invalid`, `storage.*`. */
  open(of: ReportOf, format: ReportFormatName): Promise<Result<OpenReport>>;
  /** Writes one into a file. Errors: those of {@link open}, `file.unwritable`, `report.interrupted`. */
  write(of: ReportOf, format: ReportFormatName, place: ReportPlace): Promise<Result<WrittenReport>>;
  /** Its rows as a text. Errors: those of {@link open}, `report.too_large`. */
  copy(of: ReportOf, format: CopyFormatName): Promise<Result<EndpointResult<'reports.copy'>>>;
}
