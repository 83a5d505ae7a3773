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
import { ChosenNodes } from './chosen-nodes.ts';
import {
  describedColumn,
  rowToDetail,
  rowToResult,
  rowToRun,
  selectRuns,
  type NodeTableRow,
  type RunTableRow,
} from './run-rows.ts';
import { PackageUpdates } from './package-updates.ts';
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
  const chosen = new ChosenNodes(db);

  /** What is searched is looked at answer by answer: that is done once for all slices. */
  function searchedResults(params: EndpointParams<'runs.results'>): Result<EndpointResult<'runs.results'>> {
    const names = chosen.of(params);
    if (!names.ok) return names;
    const rows = names.value.slice(params.offset, params.offset + params.limit).flatMap((identity) => {
      const row = getNode.get(params.runId, identity);
      return row === undefined ? [] : [rowToResult(row)];
    });
    return ok({ total: names.value.length, rows });
  }
  const updates = new PackageUpdates(db);

  const unknownRun = (runId: string) => fail('run.unknown', `There is no run ${runId}`);

  return {
    getRun(runId: string): Result<RunSummary> {
      const row = getRun.get(runId);
      return row === undefined ? unknownRun(runId) : ok(rowToRun(row));
    },
    listResults(params: EndpointParams<'runs.results'>): Result<EndpointResult<'runs.results'>> {
      const { runId, search, filter = '', sort, offset, limit } = params;
      if (getRun.get(runId) === undefined) return unknownRun(runId);
      if (search !== '' || filter.trim() !== '') return searchedResults(params);
      const bound = boundChoice(params);
      if (!bound.ok) return bound;
      const order = orderOf(sort);
      const rows = db
        .prepare<[object], NodeTableRow>(`SELECT * ${chosenAnswers} ORDER BY ${order.sql} LIMIT @limit OFFSET @offset`)
        .all({ ...bound.value, limit, offset, ...(order.path === null ? {} : { path: order.path }) });
      return ok({ total: countResults.get(bound.value) ?? 0, rows: rows.map(rowToResult) });
    },
    listResultNodes(params: EndpointParams<'runs.resultNodes'>): Result<EndpointResult<'runs.resultNodes'>> {
      if (getRun.get(params.runId) === undefined) return unknownRun(params.runId);
      const names = chosen.of(params);
      if (!names.ok) return names;
      return ok({ identities: names.value.slice(params.offset, params.offset + params.limit) });
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
      return groups.slice(params);
    },
    groupNodes(params: EndpointParams<'runs.groupNodes'>): Result<string[]> {
      if (getRun.get(params.runId) === undefined) return unknownRun(params.runId);
      const names = groups.identities(params);
      return names.ok ? ok([...names.value]) : names;
    },
    packageUpdates(params: EndpointParams<'software.updates'>): Result<EndpointResult<'software.updates'>> {
      return getRun.get(params.runId) === undefined ? unknownRun(params.runId) : ok(updates.slice(params));
    },
    updateNodes(params: EndpointParams<'software.updateNodes'>): Result<string[]> {
      if (getRun.get(params.runId) === undefined) return unknownRun(params.runId);
      return ok([...updates.identities(params.runId, params.package)]);
    },
    getResult(runId: string, identity: string): Result<ResultDetail> {
      if (getRun.get(runId) === undefined) return unknownRun(runId);
      const row = getNode.get(runId, identity);
      return row === undefined ? fail('node.unknown', `${identity} has no part in run ${runId}`) : ok(rowToDetail(row));
    },
  };
}
