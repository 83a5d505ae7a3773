import type { ReportFormatName, ReportJob, ReportOf } from '@muster/protocol/bridge';
import { ok, type Result } from '@muster/protocol/errors';

/** Reports that are written when a test says so. */
export class FakeReports {
  jobs: readonly ReportJob[] = [];
  readonly orders: ReportOf[] = [];

  start(of: ReportOf, format: ReportFormatName): Result<{ reportId: string | null }> {
    this.orders.push(of);
    const reportId = `report-${this.orders.length}`;
    const progress = { state: 'writing', rows: 0, total: 3, bytes: null, file: null, fault: null } as const;
    this.jobs = [{ reportId, name: `run.${format}`, format, ...progress }, ...this.jobs];
    return ok({ reportId });
  }

  finish(reportId: string, more: Partial<ReportJob> = {}): void {
    this.jobs = this.jobs.map((job) =>
      job.reportId === reportId ? { ...job, state: 'ready', rows: 3, bytes: 30, ...more } : job,
    );
  }

  dismiss(reportId: string): Result<Record<string, never>> {
    this.jobs = this.jobs.filter((job) => job.reportId !== reportId);
    return ok({});
  }
}
