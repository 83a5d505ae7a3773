import type { RunallNode, RunallSummary } from '@muster/protocol/bridge';
import type { StoredRunallNode } from '../stores/puppet.ts';
import { jsonColumn } from './json-column.ts';

/** A row of table `runalls`, with whether its console is alive. */
export interface RunallTableRow {
  runall_id: string;
  console_id: string | null;
  wish: 'go' | 'pause' | 'cancel';
  person: string;
  collective: string;
  target: string;
  selection: string;
  concurrency: number;
  options: string;
  rerun_ms: number | null;
  state: RunallSummary['state'];
  fault: string | null;
  iteration: number;
  started_at_ms: number;
  iteration_started_at_ms: number;
  next_iteration_at_ms: number | null;
  finished_at_ms: number | null;
  tallies: string;
  revision: number;
  is_conducted: number;
}

/** A row of table `runall_nodes`, without the runall. */
export interface RunallNodeRow {
  identity: string;
  turn: number;
  state: RunallNode['state'];
  reason: RunallNode['reason'];
  detail: string;
  request_id: string | null;
  asked_at_ms: number | null;
  initiated_at: number | null;
  begun_at_ms: number | null;
  ended_at_ms: number | null;
  misses: number;
  run: string | null;
}

type Tallies = Pick<RunallSummary, 'nodes' | 'states' | 'skipped' | 'results'>;

const target = jsonColumn<RunallSummary['target']>();
const selection = jsonColumn<Pick<RunallSummary, 'discovery' | 'limit'>>();
const options = jsonColumn<RunallSummary['options']>();
const fault = jsonColumn<NonNullable<RunallSummary['fault']>>();
const tallies = jsonColumn<Tallies>();
const run = jsonColumn<NonNullable<RunallNode['run']>>();

export const runallToRow = (runall: RunallSummary) => ({
  runall_id: runall.runallId,
  person: runall.person,
  collective: runall.collective,
  target: target.write(runall.target),
  selection: selection.write({
    ...(runall.discovery === undefined ? {} : { discovery: runall.discovery }),
    ...(runall.limit === undefined ? {} : { limit: runall.limit }),
  }),
  concurrency: runall.concurrency,
  options: options.write(runall.options),
  rerun_ms: runall.rerunMs,
  state: runall.state,
  fault: runall.fault === null ? null : fault.write(runall.fault),
  iteration: runall.iteration,
  started_at_ms: runall.startedAtMs,
  iteration_started_at_ms: runall.iterationStartedAtMs,
  next_iteration_at_ms: runall.nextIterationAtMs,
  finished_at_ms: runall.finishedAtMs,
  tallies: tallies.write({
    nodes: runall.nodes,
    states: runall.states,
    skipped: runall.skipped,
    results: runall.results,
  }),
});

export const rowToRunall = (row: RunallTableRow): RunallSummary => ({
  runallId: row.runall_id,
  person: row.person,
  collective: row.collective,
  target: target.read(row.target),
  ...selection.read(row.selection),
  concurrency: row.concurrency,
  options: options.read(row.options),
  rerunMs: row.rerun_ms,
  state: row.state,
  isConducted: row.is_conducted === 1,
  fault: row.fault === null ? null : fault.read(row.fault),
  iteration: row.iteration,
  startedAtMs: row.started_at_ms,
  iterationStartedAtMs: row.iteration_started_at_ms,
  nextIterationAtMs: row.next_iteration_at_ms,
  finishedAtMs: row.finished_at_ms,
  ...tallies.read(row.tallies),
  revision: row.revision,
});

export const runallNodeToRow = (runallId: string, node: StoredRunallNode) => ({
  runall_id: runallId,
  identity: node.identity,
  turn: node.turn,
  state: node.state,
  reason: node.reason,
  detail: node.detail,
  request_id: node.requestId,
  asked_at_ms: node.askedAtMs,
  initiated_at: node.initiatedAt,
  begun_at_ms: node.begunAtMs,
  ended_at_ms: node.endedAtMs,
  misses: node.misses,
  run: node.run === null ? null : run.write(node.run),
});

export const rowToRunallNode = (row: RunallNodeRow): RunallNode => ({
  identity: row.identity,
  state: row.state,
  reason: row.reason,
  detail: row.detail,
  askedAtMs: row.asked_at_ms,
  begunAtMs: row.begun_at_ms,
  endedAtMs: row.ended_at_ms,
  misses: row.misses,
  run: row.run === null ? null : run.read(row.run),
});

export const rowToStoredNode = (row: RunallNodeRow): StoredRunallNode => ({
  ...rowToRunallNode(row),
  turn: row.turn,
  requestId: row.request_id,
  initiatedAt: row.initiated_at,
});
