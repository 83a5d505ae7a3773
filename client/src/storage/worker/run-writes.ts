import type { Database } from 'better-sqlite3';
import type { RunAction, RunSummary } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { NodeDelivery, RunChanges, StoredAnswer, StoredRunOrder } from '../stores/runs.ts';
import { createEvidenceWrites } from './evidence-writes.ts';
import { createNotificationQueue } from './notifications.ts';
import { describedColumn, orderColumn, progressColumn, runToRow } from './run-rows.ts';

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

const unasked: Omit<NodeDelivery, 'identity'> = {
  issuedAtMs: null,
  publishedAtMs: null,
  copies: 0,
  returned: 0,
  noticedAtMs: null,
};

/** Writing runs: a run first, then what changes in it, each call as one transaction. */
export function createRunWrites(db: Database) {
  const evidence = createEvidenceWrites(db);
  const queue = createNotificationQueue(db);
  const insertRun = db.prepare(`
    INSERT INTO runs (run_id, console_id, person, collective, agent, action, inputs, target, state, hold, fault, started_at_ms,
      sent_at_ms, finished_at_ms, discovery_ms, timeout_ms, delivery_ms, execution_ms, ttl_ms, selection, expected, responses, unexpected, states, aimed_at, failures, described, ordered, secrets)
    VALUES (@run_id, @console_id, @person, @collective, @agent, @action, @inputs, @target, @state, @hold, @fault, @started_at_ms,
      @sent_at_ms, @finished_at_ms, @discovery_ms, @timeout_ms, @delivery_ms, @execution_ms, @ttl_ms, @selection, @expected, @responses, @unexpected, @states, @aimed_at, @failures, @described, @ordered, @secrets)`);
  // Only the console that conducts it writes it: one that slept too long has lost it.
  const updateRun = db.prepare<[object], number>(`
    UPDATE runs SET state = @state, hold = @hold, fault = @fault, sent_at_ms = @sent_at_ms, finished_at_ms = @finished_at_ms,
      discovery_ms = @discovery_ms, timeout_ms = @timeout_ms, expected = @expected, responses = @responses,
      unexpected = @unexpected, states = @states, failures = @failures, secrets = CASE WHEN @finished_at_ms IS NULL THEN secrets END,
      revision = revision + 1
    WHERE run_id = @run_id AND console_id = @console_id RETURNING revision`);
  updateRun.pluck();
  const setProgress = db.prepare('UPDATE runs SET progress = ? WHERE run_id = ?');
  const setAnswersUntil = db.prepare('UPDATE runs SET answers_until_ms = ? WHERE run_id = ?');
  const expectNode = db.prepare(`
    INSERT INTO run_nodes (run_id, identity, turn, state, issued_at_ms, published_at_ms, copies, returned, noticed_at_ms)
    VALUES (@runId, @identity, @turn, 'queued', @issuedAtMs, @publishedAtMs, @copies, @returned, @noticedAtMs)`);
  const setDelivery = db.prepare(`
    UPDATE run_nodes SET issued_at_ms = @issuedAtMs, published_at_ms = @publishedAtMs, copies = @copies, returned = @returned,
      noticed_at_ms = @noticedAtMs
    WHERE run_id = @runId AND identity = @identity`);
  const moveNodes = db.prepare('UPDATE run_nodes SET state = ? WHERE run_id = ? AND state = ?');
  const setState = db.prepare('UPDATE run_nodes SET state = ? WHERE run_id = ? AND identity = ?');
  const storeAnswer = db.prepare(`
    INSERT INTO run_nodes (run_id, identity, state, arrival, outcome, status_code, status_message, data, elapsed_ms,
      arrived_at_ms, received_at_ms, started_at_ms, finished_at_ms, signed_by, revision)
    VALUES (@run_id, @identity, @state, @arrival, @outcome, @status_code, @status_message, @data, @elapsed_ms,
      @arrived_at_ms, @received_at_ms, @started_at_ms, @finished_at_ms, @signed_by, @revision)
    ON CONFLICT (run_id, identity) DO UPDATE SET state = excluded.state, arrival = excluded.arrival,
      outcome = excluded.outcome, status_code = excluded.status_code, status_message = excluded.status_message,
      data = excluded.data, elapsed_ms = excluded.elapsed_ms, arrived_at_ms = excluded.arrived_at_ms,
      received_at_ms = excluded.received_at_ms, started_at_ms = excluded.started_at_ms,
      finished_at_ms = excluded.finished_at_ms, signed_by = excluded.signed_by, revision = excluded.revision`);

  /** Nodes that are asked at once have their delivery from the beginning. */
  function storeDeliveries(runId: string, { expected = [], deliveries = [] }: RunChanges): void {
    const known = new Map(deliveries.map((delivery) => [delivery.identity, delivery]));
    for (const [turn, identity] of expected.entries()) {
      expectNode.run({ runId, turn, ...(known.get(identity) ?? { ...unasked, identity }) });
      known.delete(identity);
    }
    for (const delivery of known.values()) setDelivery.run({ runId, ...delivery });
  }

  const record = db.transaction((changes: RunChanges, consoleId: string): Result<void> => {
    const { summary, progress, answersUntilMs } = changes;
    const { runId } = summary;
    const revision = updateRun.get({ ...runToRow(summary), console_id: consoleId });
    if (revision === undefined) return fail('run.taken', `Another console conducts run ${runId} by now`);
    storeDeliveries(runId, changes);
    if (progress !== undefined) setProgress.run(progressColumn.write(progress), runId);
    if (answersUntilMs !== undefined) setAnswersUntil.run(answersUntilMs, runId);
    for (const { from, to } of changes.moves ?? []) for (const state of from) moveNodes.run(to, runId, state);
    for (const { identity, state } of changes.states ?? []) setState.run(state, runId, identity);
    for (const answer of changes.answers ?? []) storeAnswer.run({ ...answerToRow(runId, answer), revision });
    for (const message of changes.signed ?? []) evidence.keepSigned(runId, message);
    queue(changes.notifications ?? []);
    return ok(undefined);
  });

  return {
    insertRun(
      summary: RunSummary,
      consoleId: string,
      described?: RunAction,
      kept?: { readonly order: StoredRunOrder; readonly secrets: string | null },
    ): Result<void> {
      insertRun.run({
        ...runToRow(summary),
        console_id: consoleId,
        described: described === undefined ? null : describedColumn.write(described),
        ordered: kept === undefined ? null : orderColumn.write(kept.order),
        secrets: kept?.secrets ?? null,
      });
      return ok(undefined);
    },
    recordRun: (changes: RunChanges, consoleId: string): Result<void> => record.immediate(changes, consoleId),
  };
}
