import type { Database } from 'better-sqlite3';
import type {
  EndpointParams,
  EndpointResult,
  ResultDetail,
  RunAction,
  RunAggregate,
  RunSummary,
} from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { AnswerGroups } from './answer-groups.ts';
import { boundChoice, chosenAnswers } from './chosen-answers.ts';
import {
  describedColumn,
  rowToDetail,
  rowToResult,
  rowToRun,
  selectRuns,
  type NodeTableRow,
  type RunTableRow,
} from './run-rows.ts';
import { RunSummaries } from './run-summaries.ts';
import { orderOf } from './sort-order.ts';

/** Reading runs and their answers, a slice at a time. */
export function createRunReads(db: Database) {
  const getRun = db.prepare<[string], RunTableRow>(`${selectRuns} WHERE run_id = ? AND removed_at_ms IS NULL`);
  const getNode = db.prepare<[string, string], NodeTableRow>(
    'SELECT * FROM run_nodes WHERE run_id = ? AND identity = ?',
  );
  const countResults = db.prepare<[object], number>(`SELECT count(*) ${chosenAnswers}`).pluck();
  const described = db
    .prepare<[string], string | null>('SELECT described FROM runs WHERE run_id = ? AND removed_at_ms IS NULL')
    .pluck();
  const summaries = new RunSummaries(db);
  const groups = new AnswerGroups(db);

  const unknownRun = (runId: string) => fail('run.unknown', `There is no run ${runId}`);

  return {
    getRun(runId: string): Result<RunSummary> {
      const row = getRun.get(runId);
      return row === undefined ? unknownRun(runId) : ok(rowToRun(row));
    },
    listResults(params: EndpointParams<'runs.results'>): Result<EndpointResult<'runs.results'>> {
      const { runId, sort, offset, limit } = params;
      if (getRun.get(runId) === undefined) return unknownRun(runId);
      const bound = boundChoice(params);
      const order = orderOf(sort);
      const rows = db
        .prepare<[object], NodeTableRow>(`SELECT * ${chosenAnswers} ORDER BY ${order.sql} LIMIT @limit OFFSET @offset`)
        .all({ ...bound, limit, offset, ...(order.path === null ? {} : { path: order.path }) });
      return ok({ total: countResults.get(bound) ?? 0, rows: rows.map(rowToResult) });
    },
    getRunAction(runId: string): Result<RunAction | null> {
      const stored = described.get(runId);
      if (stored === undefined) return unknownRun(runId);
      return ok(stored === null ? null : describedColumn.read(stored));
    },
    summariseRun(runId: string): Result<RunAggregate[]> {
      const stored = described.get(runId);
      if (stored === undefined) return unknownRun(runId);
      return ok(stored === null ? [] : summaries.of(runId, describedColumn.read(stored).action));
    },
    groupAnswers(params: EndpointParams<'runs.groups'>): Result<EndpointResult<'runs.groups'>> {
      if (getRun.get(params.runId) === undefined) return unknownRun(params.runId);
      return ok(groups.slice(params));
    },
    groupNodes(params: EndpointParams<'runs.groupNodes'>): Result<string[]> {
      if (getRun.get(params.runId) === undefined) return unknownRun(params.runId);
      return ok([...groups.identities(params)]);
    },
    getResult(runId: string, identity: string): Result<ResultDetail> {
      if (getRun.get(runId) === undefined) return unknownRun(runId);
      const row = getNode.get(runId, identity);
      return row === undefined ? fail('node.unknown', `${identity} has no part in run ${runId}`) : ok(rowToDetail(row));
    },
  };
}
