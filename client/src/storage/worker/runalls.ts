import type { Database } from 'better-sqlite3';
import type { EndpointParams, EndpointResult, RunallSummary } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { ClaimedRunall, RunallChanges, RunallWish } from '../stores/puppet.ts';
import { createNotificationQueue } from './notifications.ts';
import {
  rowToRunall,
  rowToRunallNode,
  rowToStoredNode,
  runallNodeToRow,
  runallToRow,
  type RunallNodeRow,
  type RunallTableRow,
} from './runall-rows.ts';
import { containing } from './searching.ts';

const finalStates: readonly RunallSummary['state'][] = ['finished', 'cancelled', 'failed'];
const isFinal = ({ state }: RunallTableRow): boolean => finalStates.includes(state);

function orderOf({ by, descending }: EndpointParams<'runalls.nodes'>['sort']): string {
  const direction = descending ? 'DESC' : 'ASC';
  switch (by) {
    case 'identity':
      return `identity ${direction}`;
    case 'state':
      return `state ${direction}, turn`;
    case 'ended':
      return `ended_at_ms IS NULL, ended_at_ms ${direction}, turn`;
    default:
      return `turn ${direction}`;
  }
}

/** Puppet on many nodes, a few at a time: whose turn it is, what became of them, and which console looks after it. */
export function createRunalls(db: Database, changed: () => void) {
  const select = `
    SELECT *, console_id IS NOT NULL AND console_id IN (SELECT console_id FROM consoles) AS is_conducted FROM runalls`;
  const one = db.prepare<[string], RunallTableRow>(`${select} WHERE runall_id = ?`);
  const all = db.prepare<[number, number], RunallTableRow>(
    `${select} ORDER BY started_at_ms DESC, rowid DESC LIMIT ? OFFSET ?`,
  );
  const count = db.prepare<[], number>('SELECT count(*) FROM runalls').pluck();
  const nodesOf = db.prepare<[string], RunallNodeRow>('SELECT * FROM runall_nodes WHERE runall_id = ? ORDER BY turn');
  const insert = db.prepare(`
    INSERT INTO runalls (runall_id, console_id, wish, person, collective, target, selection, concurrency, options, rerun_ms, state,
      fault, iteration, started_at_ms, iteration_started_at_ms, next_iteration_at_ms, finished_at_ms, tallies, revision)
    VALUES (@runall_id, @console_id, 'go', @person, @collective, @target, @selection, @concurrency, @options, @rerun_ms, @state,
      @fault, @iteration, @started_at_ms, @iteration_started_at_ms, @next_iteration_at_ms, @finished_at_ms, @tallies, 1)`);
  // Only the console that conducts it writes it: one that slept too long has lost it.
  const update = db.prepare<[object], number>(`
    UPDATE runalls SET state = @state, fault = @fault, iteration = @iteration, iteration_started_at_ms = @iteration_started_at_ms,
      next_iteration_at_ms = @next_iteration_at_ms, finished_at_ms = @finished_at_ms, tallies = @tallies,
      revision = revision + 1
    WHERE runall_id = @runall_id AND console_id = @console_id RETURNING revision`);
  update.pluck();
  const forgetNodes = db.prepare('DELETE FROM runall_nodes WHERE runall_id = ?');
  const writeNode = db.prepare(`
    INSERT INTO runall_nodes (runall_id, identity, turn, state, reason, detail, request_id, asked_at_ms, initiated_at,
      begun_at_ms, ended_at_ms, misses, run)
    VALUES (@runall_id, @identity, @turn, @state, @reason, @detail, @request_id, @asked_at_ms, @initiated_at,
      @begun_at_ms, @ended_at_ms, @misses, @run)
    ON CONFLICT (runall_id, identity) DO UPDATE SET turn = excluded.turn, state = excluded.state, reason = excluded.reason,
      detail = excluded.detail, request_id = excluded.request_id, asked_at_ms = excluded.asked_at_ms,
      initiated_at = excluded.initiated_at, begun_at_ms = excluded.begun_at_ms, ended_at_ms = excluded.ended_at_ms,
      misses = excluded.misses, run = excluded.run`);
  const own = db.prepare('UPDATE runalls SET console_id = ?, revision = revision + 1 WHERE runall_id = ?');
  const release = db.prepare(
    'UPDATE runalls SET console_id = NULL, revision = revision + 1 WHERE runall_id = ? AND console_id = ?',
  );
  const wish = db.prepare('UPDATE runalls SET wish = ?, revision = revision + 1 WHERE runall_id = ?');
  const pause = db.prepare("UPDATE runalls SET state = 'paused' WHERE runall_id = ?");

  const queue = createNotificationQueue(db);

  const unknown = (runallId: string) => fail('runall.unknown', `There is no runall ${runallId}`);

  /** A runall that can still change. Errors: `runall.unknown`, `runall.ended`. */
  function open(runallId: string): Result<RunallTableRow> {
    const row = one.get(runallId);
    if (row === undefined) return unknown(runallId);
    return isFinal(row) ? fail('runall.ended', `Runall ${runallId} has ended: ${row.state}`) : ok(row);
  }

  const record = db.transaction((changes: RunallChanges, consoleId: string): Result<number> => {
    const { runallId } = changes.summary;
    const revision = update.get({ ...runallToRow(changes.summary), console_id: consoleId });
    if (revision === undefined) return fail('runall.taken', `Another console conducts runall ${runallId} by now`);
    if (changes.anew === true) forgetNodes.run(runallId);
    for (const node of changes.nodes) writeNode.run(runallNodeToRow(runallId, node));
    queue(changes.notifications ?? []);
    changed();
    return ok(revision);
  });

  const claim = db.transaction((runallId: string, consoleId: string): Result<ClaimedRunall> => {
    const row = open(runallId);
    if (!row.ok) return row;
    if (row.value.is_conducted === 1 && row.value.console_id !== consoleId)
      return fail('runall.taken', `Another console conducts runall ${runallId}`);
    own.run(consoleId, runallId);
    changed();
    const summary = { ...rowToRunall(row.value), isConducted: true };
    return ok({ summary, wish: row.value.wish, nodes: nodesOf.all(runallId).map(rowToStoredNode) });
  });

  const want = db.transaction((runallId: string, wanted: RunallWish): Result<RunallSummary> => {
    const row = open(runallId);
    if (!row.ok) return row;
    if (row.value.wish === 'cancel' && wanted !== 'cancel')
      return fail('runall.ended', `Runall ${runallId} has been cancelled`);
    wish.run(wanted, runallId);
    // Whoever conducts it does as is wished; a pause is all that can be had without one.
    if (wanted === 'pause' && row.value.is_conducted === 0) pause.run(runallId);
    changed();
    const after = one.get(runallId);
    return after === undefined ? unknown(runallId) : ok(rowToRunall(after));
  });

  const chosen = `
    FROM runall_nodes WHERE runall_id = @runallId
      AND (@states = '[]' OR state IN (SELECT value FROM json_each(@states)))
      AND (@search = '' OR identity LIKE @like ESCAPE '\\' OR detail LIKE @like ESCAPE '\\')`;
  const countNodes = db.prepare<[object], number>(`SELECT count(*) ${chosen}`).pluck();

  return {
    insertRunall(summary: RunallSummary, consoleId: string): Result<void> {
      insert.run({ ...runallToRow(summary), console_id: consoleId });
      changed();
      return ok(undefined);
    },
    recordRunall: (changes: RunallChanges, consoleId: string): Result<number> => record.immediate(changes, consoleId),
    claimRunall: (runallId: string, consoleId: string): Result<ClaimedRunall> => claim.immediate(runallId, consoleId),
    releaseRunall(runallId: string, consoleId: string): Result<void> {
      release.run(runallId, consoleId);
      changed();
      return ok(undefined);
    },
    wishRunall: (runallId: string, wanted: RunallWish): Result<RunallSummary> => want.immediate(runallId, wanted),
    runallWish(runallId: string): Result<RunallWish> {
      const row = one.get(runallId);
      return row === undefined ? unknown(runallId) : ok(row.wish);
    },
    listRunalls({ offset, limit }: EndpointParams<'runalls.list'>): Result<EndpointResult<'runalls.list'>> {
      return ok({ total: count.get() ?? 0, runalls: all.all(limit, offset).map(rowToRunall) });
    },
    getRunall(runallId: string): Result<RunallSummary> {
      const row = one.get(runallId);
      return row === undefined ? unknown(runallId) : ok(rowToRunall(row));
    },
    listRunallNodes(params: EndpointParams<'runalls.nodes'>): Result<EndpointResult<'runalls.nodes'>> {
      const { runallId, states, search, sort, offset, limit } = params;
      if (one.get(runallId) === undefined) return unknown(runallId);
      const bound = { runallId, states: JSON.stringify(states), search, like: containing(search) };
      const rows = db
        .prepare<[object], RunallNodeRow>(`SELECT * ${chosen} ORDER BY ${orderOf(sort)} LIMIT @limit OFFSET @offset`)
        .all({ ...bound, limit, offset });
      return ok({ total: countNodes.get(bound) ?? 0, rows: rows.map(rowToRunallNode) });
    },
  };
}
