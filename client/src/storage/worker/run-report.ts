import type { Database } from 'better-sqlite3';
import { ok, type Result } from '@muster/protocol/errors';
import type { AnswersReported, ReportedAnswers, ReportSlice, RunReportReader } from '../stores/reports.ts';
import { boundChoice, chosenAnswers } from './chosen-answers.ts';
import { rowToDetail, type NodeTableRow } from './run-rows.ts';
import { orderOf } from './sort-order.ts';

/** How much of answers goes to the other thread at once, in characters of their data; one answer may have more by itself. */
const sliceLength = 2 * 2 ** 20;
/** Of how many outputs a report can have columns. */
const mostOutputs = 500;

const named = `AND (@identities IS NULL OR identity IN (SELECT value FROM json_each(@identities)))`;

function boundReport(of: AnswersReported) {
  const choice = boundChoice(of);
  const identities = of.identities === undefined ? null : JSON.stringify(of.identities);
  return choice.ok ? ok({ ...choice.value, identities }) : choice;
}

/** Reading a run for a report: first who is in it, then answer by answer, so that what comes meanwhile moves nothing. */
export function createRunReport(db: Database): {
  [K in keyof RunReportReader]: (...args: Parameters<RunReportReader[K]>) => Awaited<ReturnType<RunReportReader[K]>>;
} {
  const row = db.prepare<[string, string], NodeTableRow>('SELECT * FROM run_nodes WHERE run_id = ? AND identity = ?');
  const outputs = db
    .prepare<[object], string>(
      `SELECT fields.key FROM (SELECT data ${chosenAnswers} ${named}), json_each(data) AS fields
       GROUP BY fields.key ORDER BY count(*) DESC, fields.key LIMIT ${mostOutputs}`,
    )
    .pluck();

  return {
    reportedAnswers(of): Result<ReportedAnswers> {
      const bound = boundReport(of);
      if (!bound.ok) return bound;
      const { sql, path } = orderOf(of.sort);
      const found = db
        .prepare<[object], Pick<NodeTableRow, 'identity' | 'state'>>(
          `SELECT identity, state ${chosenAnswers} ${named} ORDER BY ${sql}`,
        )
        .all({ ...bound.value, ...(path === null ? {} : { path }) });
      const states: ReportedAnswers['states'] = {};
      for (const { state } of found) states[state] = (states[state] ?? 0) + 1;
      return ok({ identities: found.map(({ identity }) => identity), states });
    },
    reportedOutputs(of): Result<string[]> {
      const bound = boundReport(of);
      return bound.ok ? ok(outputs.all(bound.value)) : bound;
    },
    answersOf(runId, identities): Result<ReportSlice> {
      const rows: ReportSlice['rows'][number][] = [];
      let taken = 0;
      let length = 0;
      for (const identity of identities) {
        if (length >= sliceLength) break;
        const found = row.get(runId, identity);
        taken += 1;
        if (found === undefined) continue;
        length += found.data.length;
        rows.push(rowToDetail(found));
      }
      return ok({ rows, taken });
    },
  };
}
