import type { ListedRun, ReportOf } from '@muster/protocol/bridge';
import { ok, unwrap, type Result } from '@muster/protocol/errors';
import type { Clock } from '@muster/runtime/effects';
import type { RunHistory } from '../../storage/index.ts';
import type { Report, ReportColumn, ReportNote, ReportRow } from '../report.ts';
import { targetText } from './run-notes.ts';

type HistoryReportOf = Extract<ReportOf, { kind: 'history' }>;

interface Field extends ReportColumn {
  readonly of: (run: ListedRun) => unknown;
}

const fields: readonly Field[] = [
  { id: 'run_id', title: 'Run', kind: 'text', of: ({ runId }) => runId },
  { id: 'started_at', title: 'Started', kind: 'time', of: ({ startedAtMs }) => startedAtMs },
  { id: 'ended_at', title: 'Ended', kind: 'time', of: ({ finishedAtMs }) => finishedAtMs },
  { id: 'run_state', title: 'State', kind: 'text', of: ({ state }) => state },
  { id: 'agent', title: 'Agent', kind: 'text', of: ({ agent }) => agent },
  { id: 'action', title: 'Action', kind: 'text', of: ({ action }) => action },
  { id: 'person', title: 'Asked by', kind: 'text', of: ({ person }) => person },
  { id: 'target', title: 'Target', kind: 'text', of: ({ target }) => targetText(target) },
  { id: 'asked', title: 'Nodes asked', kind: 'number', of: ({ expected }) => expected },
  { id: 'answered', title: 'Answered', kind: 'number', of: ({ responses }) => responses },
  { id: 'ok', title: 'OK', kind: 'number', of: ({ states }) => states.ok ?? 0 },
  { id: 'states', title: 'States', kind: 'json', of: ({ states }) => states },
  { id: 'inputs', title: 'Inputs', kind: 'json', of: ({ inputs }) => inputs },
  { id: 'note', title: 'Last note', kind: 'text', of: ({ lastNote }) => lastNote },
];

/** How many runs are read at once. */
const pageSize = 100;

const rowOf = (run: ListedRun): ReportRow => ({
  identity: run.runId,
  state: null,
  values: fields.map((field) => field.of(run)),
});

/** What was looked for, in words that programs can read back; empty for all runs. */
function queryNotes({ query, runIds }: HistoryReportOf): readonly ReportNote[] {
  const { search, ...conditions } = query;
  const asked = { ...(search === '' ? {} : { search }), ...conditions };
  if (runIds !== undefined) return [{ id: 'selected', title: 'Selected', kind: 'number', value: runIds.length }];
  return Object.keys(asked).length === 0 ? [] : [{ id: 'query', title: 'Only runs', kind: 'json', value: asked }];
}

/** A report of the history: runs with what became of them, newest first. Errors: `storage.*`. */
export async function historyReport(
  of: HistoryReportOf,
  { storage, clock }: { readonly storage: Pick<RunHistory, 'listRuns'>; readonly clock: Clock },
): Promise<Result<Report>> {
  // Runs that are started meanwhile would move all others one place on.
  const query = { ...of.query, untilMs: Math.min(of.query.untilMs ?? Infinity, clock() + 1) };
  const { runIds } = of;
  const counted =
    runIds === undefined ? await storage.listRuns({ ...query, offset: 0, limit: 1 }) : ok({ total: runIds.length });
  if (!counted.ok) return counted;

  async function* found(): AsyncIterable<readonly ReportRow[]> {
    for (let offset = 0; ; offset += pageSize) {
      const { runs } = unwrap(await storage.listRuns({ ...query, offset, limit: pageSize }));
      if (runs.length > 0) yield runs.map(rowOf);
      if (runs.length < pageSize) return;
    }
  }
  async function* named(ids: readonly string[]): AsyncIterable<readonly ReportRow[]> {
    for (const runId of ids) {
      const { runs } = unwrap(await storage.listRuns({ search: runId, offset: 0, limit: 1 }));
      yield runs.map(rowOf);
    }
  }
  return ok({
    kind: 'history',
    title: 'Runs',
    mark: 'history of runs',
    fileStem: 'muster-runs',
    notes: queryNotes(of),
    columns: fields,
    total: counted.value.total,
    charts: [],
    figures: [],
    rows: () => (runIds === undefined ? found() : named(runIds)),
  });
}
