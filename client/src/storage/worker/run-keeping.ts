import type { Database } from 'better-sqlite3';
import type { RunSummary } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { ClaimedRun, RunNews, RunWish, WantedOfRun } from '../stores/runs.ts';
import {
  describedColumn,
  orderColumn,
  progressColumn,
  rowToDetail,
  rowToRun,
  rowToStoredNode,
  type NodeTableRow,
  type RunTableRow,
} from './run-rows.ts';

/** How much each wish ends; a run never gets back what was ended. */
const weight: Readonly<Record<RunWish, number>> = { go: 0, pause: 0, stop: 1, cancel: 2 };

interface KeptRow extends RunTableRow {
  /** 1 when the console that looks after it is alive, whatever state the run is in. */
  is_held: number;
}

/** Which console conducts a run, what people want of it, and what the next conductor has to know. */
export function createRunKeeping(db: Database) {
  const alive = 'console_id IN (SELECT console_id FROM consoles)';
  const open = "state IN ('discovering', 'running', 'paused', 'stopping')";
  const one = db.prepare<[string], KeptRow>(
    `SELECT *, ${alive} AS is_held, ${open} AND ${alive} AS is_conducted FROM runs WHERE run_id = ?`,
  );
  const nodesOf = db.prepare<[string], NodeTableRow>(
    "SELECT * FROM run_nodes WHERE run_id = ? AND arrival IS NOT 'unexpected' ORDER BY turn",
  );
  const strangersOf = db
    .prepare<[string], string>("SELECT identity FROM run_nodes WHERE run_id = ? AND arrival = 'unexpected'")
    .pluck();
  const own = db.prepare('UPDATE runs SET console_id = ?, revision = revision + 1 WHERE run_id = ?');
  const disown = db.prepare(
    "UPDATE runs SET console_id = '', revision = revision + 1 WHERE run_id = ? AND console_id = ?",
  );
  const wish = db.prepare('UPDATE runs SET wish = ?, revision = revision + 1 WHERE run_id = ?');
  const pause = db.prepare(
    "UPDATE runs SET state = 'paused', hold = CASE hold WHEN 'canary' THEN hold END WHERE run_id = ? AND state = 'running'",
  );
  const letGo = db.prepare("UPDATE runs SET is_released = 1 WHERE run_id = ? AND hold = 'canary'");
  const abandoned = db
    .prepare<[number], string>(
      `SELECT run_id FROM runs WHERE ${open} AND ordered IS NOT NULL AND NOT ${alive}
       UNION SELECT run_id FROM runs WHERE answers_until_ms > ? AND ordered IS NOT NULL AND NOT ${alive}`,
    )
    .pluck();
  const answersSince = db.prepare<[string, number], NodeTableRow>(
    'SELECT * FROM run_nodes WHERE run_id = ? AND revision > ? ORDER BY revision, arrived_at_ms',
  );

  const unknown = (runId: string) => fail('run.unknown', `There is no run ${runId}`);
  const ended = ({ run_id, state }: RunTableRow) => fail('run.ended', `Run ${run_id} has ended: ${state}`);

  const claim = db.transaction((runId: string, consoleId: string, nowMs: number): Result<ClaimedRun> => {
    const row = one.get(runId);
    if (row === undefined) return unknown(runId);
    if (row.finished_at_ms !== null && (row.answers_until_ms ?? 0) <= nowMs) return ended(row);
    if (row.is_held === 1 && row.console_id !== consoleId)
      return fail('run.taken', `Another console conducts run ${runId}`);
    if (row.ordered === null || row.described === null)
      return fail('run.interrupted', `Run ${runId} was started by an earlier version, and cannot go on`);
    own.run(consoleId, runId);
    return ok({
      summary: { ...rowToRun(row), isConducted: row.finished_at_ms === null },
      wanted: { wish: row.wish, isReleased: row.is_released === 1 },
      described: describedColumn.read(row.described),
      order: orderColumn.read(row.ordered),
      secrets: row.secrets,
      progress: row.progress === null ? null : progressColumn.read(row.progress),
      answersUntilMs: row.answers_until_ms,
      nodes: nodesOf.all(runId).map(rowToStoredNode),
      strangers: strangersOf.all(runId),
    });
  });

  const want = db.transaction((runId: string, wanted: RunWish): Result<RunSummary> => {
    const row = one.get(runId);
    if (row === undefined) return unknown(runId);
    if (row.finished_at_ms !== null) return ended(row);
    if (weight[wanted] < weight[row.wish])
      return fail('run.ended', `Run ${runId} is being ${row.wish === 'stop' ? 'stopped' : 'cancelled'}`);
    wish.run(wanted, runId);
    if (wanted === 'go') letGo.run(runId);
    // Whoever conducts it does as is wished; a pause is all that can be had without one.
    if (wanted === 'pause' && row.is_held === 0) pause.run(runId);
    const after = one.get(runId);
    return after === undefined ? unknown(runId) : ok(rowToRun(after));
  });

  return {
    claimRun: (runId: string, consoleId: string, nowMs: number): Result<ClaimedRun> =>
      claim.immediate(runId, consoleId, nowMs),
    releaseRun(runId: string, consoleId: string): Result<void> {
      disown.run(runId, consoleId);
      return ok(undefined);
    },
    wishRun: (runId: string, wanted: RunWish): Result<RunSummary> => want.immediate(runId, wanted),
    wantedOfRun(runId: string): Result<WantedOfRun> {
      const row = one.get(runId);
      return row === undefined ? unknown(runId) : ok({ wish: row.wish, isReleased: row.is_released === 1 });
    },
    abandonedRuns: (nowMs: number): Result<string[]> => ok(abandoned.all(nowMs)),
    newsOfRun(runId: string, sinceRevision: number): Result<RunNews> {
      const row = one.get(runId);
      if (row === undefined) return unknown(runId);
      const answers = row.revision === sinceRevision ? [] : answersSince.all(runId, sinceRevision).map(rowToDetail);
      return ok({ summary: rowToRun(row), revision: row.revision, answers });
    },
  };
}
