import type { Database } from 'better-sqlite3';
import type { RunAction, RunSummary } from '@muster/protocol/bridge';
import { ok, type Result } from '@muster/protocol/errors';
import type { RunChanges, StoredAnswer } from '../storage.ts';
import { describedColumn, runToRow } from './run-rows.ts';

const answerToRow = (runId: string, answer: StoredAnswer) => ({
  run_id: runId,
  identity: answer.identity,
  state: answer.state,
  arrival: answer.arrival,
  outcome: answer.outcome,
  status_code: answer.statusCode,
  status_message: answer.statusMessage,
  data: answer.data,
  elapsed_ms: answer.elapsedMs,
  arrived_at_ms: answer.arrivedAtMs,
  received_at_ms: answer.timings?.receivedAtMs ?? null,
  started_at_ms: answer.timings?.startedAtMs ?? null,
  finished_at_ms: answer.timings?.finishedAtMs ?? null,
  signed_by: answer.signedBy,
});

/** Writing runs: a run first, then what changes in it, each call as one transaction. */
export function createRunWrites(db: Database) {
  const insertRun = db.prepare(`
    INSERT INTO runs (run_id, console_id, person, collective, agent, action, inputs, target, state, hold, fault, started_at_ms,
      sent_at_ms, finished_at_ms, discovery_ms, timeout_ms, delivery_ms, execution_ms, ttl_ms, selection, expected, responses, unexpected, states, described)
    VALUES (@run_id, @console_id, @person, @collective, @agent, @action, @inputs, @target, @state, @hold, @fault, @started_at_ms,
      @sent_at_ms, @finished_at_ms, @discovery_ms, @timeout_ms, @delivery_ms, @execution_ms, @ttl_ms, @selection, @expected, @responses, @unexpected, @states, @described)`);
  const updateRun = db.prepare(`
    UPDATE runs SET state = @state, hold = @hold, fault = @fault, sent_at_ms = @sent_at_ms, finished_at_ms = @finished_at_ms,
      discovery_ms = @discovery_ms, timeout_ms = @timeout_ms, expected = @expected, responses = @responses,
      unexpected = @unexpected, states = @states
    WHERE run_id = @run_id`);
  const expectNode = db.prepare("INSERT INTO run_nodes (run_id, identity, state) VALUES (?, ?, 'queued')");
  const moveNodes = db.prepare('UPDATE run_nodes SET state = ? WHERE run_id = ? AND state = ?');
  const setState = db.prepare('UPDATE run_nodes SET state = ? WHERE run_id = ? AND identity = ?');
  const storeAnswer = db.prepare(`
    INSERT INTO run_nodes (run_id, identity, state, arrival, outcome, status_code, status_message, data, elapsed_ms,
      arrived_at_ms, received_at_ms, started_at_ms, finished_at_ms, signed_by)
    VALUES (@run_id, @identity, @state, @arrival, @outcome, @status_code, @status_message, @data, @elapsed_ms,
      @arrived_at_ms, @received_at_ms, @started_at_ms, @finished_at_ms, @signed_by)
    ON CONFLICT (run_id, identity) DO UPDATE SET state = excluded.state, arrival = excluded.arrival,
      outcome = excluded.outcome, status_code = excluded.status_code, status_message = excluded.status_message,
      data = excluded.data, elapsed_ms = excluded.elapsed_ms, arrived_at_ms = excluded.arrived_at_ms,
      received_at_ms = excluded.received_at_ms, started_at_ms = excluded.started_at_ms,
      finished_at_ms = excluded.finished_at_ms, signed_by = excluded.signed_by`);

  const record = db.transaction((changes: RunChanges) => {
    const { runId } = changes.summary;
    updateRun.run(runToRow(changes.summary));
    for (const identity of changes.expected ?? []) expectNode.run(runId, identity);
    for (const { from, to } of changes.moves ?? []) for (const state of from) moveNodes.run(to, runId, state);
    for (const { identity, state } of changes.states ?? []) setState.run(state, runId, identity);
    for (const answer of changes.answers ?? []) storeAnswer.run(answerToRow(runId, answer));
  });

  return {
    insertRun(summary: RunSummary, consoleId: string, described?: RunAction): Result<void> {
      const stored = described === undefined ? null : describedColumn.write(described);
      insertRun.run({ ...runToRow(summary), console_id: consoleId, described: stored });
      return ok(undefined);
    },
    recordRun(changes: RunChanges): Result<void> {
      record.immediate(changes);
      return ok(undefined);
    },
  };
}
