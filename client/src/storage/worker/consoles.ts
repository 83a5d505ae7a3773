import type { Database } from 'better-sqlite3';
import { ok, type Result } from '@muster/protocol/errors';
import { hasCode } from '@muster/runtime/files';
import { rowToRun, runToRow, type RunTableRow } from './run-rows.ts';

/** An engine that has not been heard of for this long is taken for dead, in milliseconds, even when its process id is in use. */
const deadAfterMs = 60_000;

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return !hasCode(thrown, 'ESRCH');
  }
}

/** Who works on this database, and the end of runs whose engine is gone and with which no other can go on. */
export function createConsoles(db: Database) {
  const see = db.prepare(`
    INSERT INTO consoles (console_id, pid, seen_at_ms) VALUES (?, ?, ?)
    ON CONFLICT (console_id) DO UPDATE SET seen_at_ms = excluded.seen_at_ms`);
  const remove = db.prepare('DELETE FROM consoles WHERE console_id = ?');
  const others = db.prepare<[string], { console_id: string; pid: number; seen_at_ms: number }>(
    'SELECT * FROM consoles WHERE console_id <> ?',
  );
  const orphans = db.prepare<[], RunTableRow>(`
    SELECT *, 0 AS is_conducted FROM runs
    WHERE state IN ('discovering', 'running') AND ordered IS NULL AND console_id NOT IN (SELECT console_id FROM consoles)`);
  const giveUpNodes = db.prepare(
    "UPDATE run_nodes SET state = 'no_answer' WHERE run_id = ? AND state IN ('queued', 'sent', 'accepted', 'running')",
  );
  // Of a run without answers, those that were sent have come as far as they ever do.
  const giveUpQueued = db.prepare("UPDATE run_nodes SET state = 'no_answer' WHERE run_id = ? AND state = 'queued'");
  const countStates = db.prepare<[string], { state: string; nodes: number }>(
    'SELECT state, count(*) AS nodes FROM run_nodes WHERE run_id = ? GROUP BY state',
  );
  const closeRun = db.prepare(
    'UPDATE runs SET state = @state, fault = @fault, finished_at_ms = @finished_at_ms, states = @states WHERE run_id = @run_id',
  );

  function closeOrphan(row: RunTableRow, nowMs: number): void {
    const run = rowToRun(row);
    (run.noResults === true ? giveUpQueued : giveUpNodes).run(row.run_id);
    const closed = runToRow({
      ...run,
      state: 'failed',
      fault: {
        code: 'run.interrupted',
        message: 'Muster stopped before the run had ended; what its nodes answered later is not known',
      },
      finishedAtMs: nowMs,
      states: Object.fromEntries(countStates.all(row.run_id).map(({ state, nodes }) => [state, nodes])),
    });
    const { state, fault, finished_at_ms, states, run_id } = closed;
    closeRun.run({ state, fault, finished_at_ms, states, run_id });
  }

  const buryTheDead = db.transaction((consoleId: string, nowMs: number): number => {
    for (const { console_id, pid, seen_at_ms } of others.all(consoleId)) {
      if (nowMs - seen_at_ms > deadAfterMs || !isRunning(pid)) remove.run(console_id);
    }
    const rows = orphans.all();
    for (const row of rows) closeOrphan(row, nowMs);
    return rows.length;
  });

  return {
    beat(consoleId: string, nowMs: number): Result<number> {
      see.run(consoleId, process.pid, nowMs);
      return ok(buryTheDead.immediate(consoleId, nowMs));
    },
    forgetConsole(consoleId: string): Result<void> {
      remove.run(consoleId);
      return ok(undefined);
    },
  };
}
