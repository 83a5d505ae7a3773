import { join } from 'node:path';
import type { CopyFormatName, ReportFormatName, ReportOf, StartTimer } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { RandomBytes } from '@muster/runtime/effects';
import type { AuditDetails } from '@muster/runtime/audit';
import type { ConsoleAudit } from '../audit/index.ts';
import type { Evidence, Reports } from '../engine/parts/reports.ts';
import { copyReport } from './copy-report.ts';
import { openReport, type OpenReport, type ReportTools } from './open-report.ts';
import { ReportJobs, type JobSource } from './report-jobs.ts';
import { writeReport, type ReportPlace } from './write-report.ts';

interface Tools extends ReportTools {
  readonly audit: ConsoleAudit;
  readonly evidence: Evidence;
  readonly dataFolder: string;
  readonly randomBytes: RandomBytes;
  readonly startTimer: StartTimer;
}

/** Reports, and what only the engine itself does with them. */
export interface ReportsKeeper extends Reports {
  close(): Promise<void>;
}

function what(of: ReportOf): AuditDetails {
  switch (of.kind) {
    case 'run':
      return { of: 'run', requestId: of.runId };
    case 'inventory':
      return { of: 'inventory', filter: of.filter };
    case 'comparison':
      return { of: 'comparison', requestId: of.after, before: of.before };
    case 'history':
      return { of: 'history' };
  }
}

const isWholeRun = (of: ReportOf): boolean =>
  of.kind === 'run' &&
  of.states.length === 0 &&
  of.search === '' &&
  (of.filter ?? '') === '' &&
  of.identities === undefined;

/** Reports of what the console knows; each that was written is in its audit. */
export function createReports(tools: Tools): ReportsKeeper {
  const { audit, evidence, randomBytes, startTimer, clock } = tools;
  const open = (of: ReportOf, format: ReportFormatName) => openReport(of, format, tools);

  async function write(of: ReportOf, format: ReportFormatName, opened: OpenReport, place: ReportPlace) {
    const written = await writeReport(opened, place);
    if (written.ok)
      await audit.note('export', { what: 'report', format, ...what(of), file: place.file, rows: written.value.rows });
    return written;
  }

  function evidenceSource(of: ReportOf): Result<JobSource> {
    if (of.kind !== 'run' || !isWholeRun(of)) return fail('usage.invalid', 'Evidence is of a whole run');
    const { runId } = of;
    return ok({
      name: `muster-${runId.slice(0, 8)}.evidence`,
      mediaType: 'application/octet-stream',
      progress: null,
      async write(place) {
        const exported = await evidence.export({ runId, ...place });
        return exported.ok ? ok({ rows: exported.value.nodes, bytes: exported.value.bytes }) : exported;
      },
    });
  }

  const jobs = new ReportJobs({
    folder: join(tools.dataFolder, 'reports'),
    clock,
    randomBytes,
    startTimer,
    async open(of, format) {
      if (format === 'evidence') return evidenceSource(of);
      const opened = await open(of, format);
      if (!opened.ok) return opened;
      const { value } = opened;
      return ok({
        name: value.fileName,
        mediaType: value.format.mediaType,
        progress: {
          total: value.report.total,
          get rowsRead() {
            return value.rowsRead;
          },
        },
        write: (place) => write(of, format, value, place),
      });
    },
  });

  return {
    jobs,
    open,
    async write(of, format, place) {
      const opened = await open(of, format);
      return opened.ok ? write(of, format, opened.value, place) : opened;
    },
    async copy(of, format: CopyFormatName) {
      const opened = await open(of, format);
      if (!opened.ok) return opened;
      const copied = await copyReport(opened.value, format);
      if (copied.ok)
        await audit.note('export', { what: 'report', format, ...what(of), file: null, rows: copied.value.rows });
      return copied;
    },
    close: () => jobs.close(),
  };
}
