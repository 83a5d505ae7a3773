import type { EngineHandlers, EngineSources, StreamItem } from '@muster/protocol/bridge';
import { ok } from '@muster/protocol/errors';
import type { Engine } from '../engine/engine.ts';
import type { ChoosePlace, FetchableReport } from '../reports/index.ts';

/** What a host of windows does with reports. */
export interface ReportHost {
  /** Asks the person; null where a browser asks by itself, when it fetches the report. */
  readonly choosePlace: ChoosePlace | null;
  /** Hands a report over that is ready: shows where it is, or gives the address from which a browser can fetch it once. */
  handOver(report: FetchableReport): string | null;
}

type ReportCalls = Extract<keyof EngineHandlers, `reports.${string}`>;

export function createReportHandlers(engine: Engine, host: ReportHost): Pick<EngineHandlers, ReportCalls> {
  const { jobs } = engine.reports;
  return {
    'reports.start': async ({ of, format }) => {
      const started = await jobs.start(of, format, host.choosePlace);
      return started.ok ? ok({ reportId: started.value }) : started;
    },
    'reports.cancel': ({ reportId }) => {
      const cancelled = jobs.cancel(reportId);
      return Promise.resolve(cancelled.ok ? ok({}) : cancelled);
    },
    'reports.fetch': ({ reportId }) => {
      const ready = jobs.ready(reportId);
      return Promise.resolve(ready.ok ? ok({ address: host.handOver(ready.value) }) : ready);
    },
    'reports.dismiss': async ({ reportId }) => {
      await jobs.dismiss(reportId);
      return ok({});
    },
    'reports.copy': ({ of, format }) => engine.reports.copy(of, format),
  };
}

/** Tells all reports at once, and whenever one changes. */
export function followReports(
  engine: Engine,
  emit: (item: StreamItem<'reports.changes'>) => void,
): ReturnType<EngineSources['reports.changes']> {
  const { jobs } = engine.reports;
  const stop = jobs.onChange((reports) => emit({ reports: [...reports] }));
  emit({ reports: [...jobs.list] });
  return ok(stop);
}
