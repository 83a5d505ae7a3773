import type { ResultDetail, ResultRow, RunAction, RunSummary } from '@muster/protocol/bridge';
import type { NodeState } from '@muster/protocol/run';
import type { RunProgress, RunWish, StoredRunNode, StoredRunOrder } from '../stores/runs.ts';
import { jsonColumn } from './json-column.ts';

/** A row of table `runs`. */
export interface RunTableRow {
  run_id: string;
  console_id: string;
  person: string;
  collective: string;
  agent: string;
  action: string;
  inputs: string;
  target: string;
  state: RunSummary['state'];
  hold: RunSummary['hold'];
  fault: string | null;
  started_at_ms: number;
  sent_at_ms: number | null;
  finished_at_ms: number | null;
  discovery_ms: number | null;
  timeout_ms: number;
  delivery_ms: number;
  execution_ms: number;
  ttl_ms: number;
  selection: string;
  expected: number;
  responses: number;
  unexpected: number;
  states: string;
  described: string | null;
  wish: RunWish;
  is_released: number;
  ordered: string | null;
  secrets: string | null;
  progress: string | null;
  answers_until_ms: number | null;
  revision: number;
  /** What is searched of the target. */
  aimed_at: string;
  /** How many nodes came to another end than `ok`. */
  failures: number;
  pinned_at_ms: number | null;
  pinned_by: string | null;
  removed_at_ms: number | null;
  /** 1 when the console that looks after it is alive. */
  is_conducted: number;
}

/** A row of table `run_nodes`, without the run. */
export interface NodeTableRow {
  identity: string;
  state: ResultRow['state'];
  arrival: ResultRow['arrival'];
  outcome: ResultDetail['outcome'];
  status_code: number | null;
  status_message: string;
  data: string;
  elapsed_ms: number | null;
  arrived_at_ms: number | null;
  received_at_ms: number | null;
  started_at_ms: number | null;
  finished_at_ms: number | null;
  signed_by: string | null;
  issued_at_ms: number | null;
  published_at_ms: number | null;
  copies: number;
  returned: number;
  noticed_at_ms: number | null;
}

const inputs = jsonColumn<RunSummary['inputs']>();
const target = jsonColumn<RunSummary['target']>();
const selection = jsonColumn<Pick<RunSummary, 'discovery' | 'limit' | 'batch' | 'rollout' | 'untilMs' | 'noResults'>>();
const states = jsonColumn<RunSummary['states']>();
const fault = jsonColumn<NonNullable<RunSummary['fault']>>();
/** What a run needs to go on, and how far it is. */
export const orderColumn = jsonColumn<StoredRunOrder>();
export const progressColumn = jsonColumn<RunProgress>();
/** How a run's action was described. */
export const describedColumn = jsonColumn<RunAction>();
const data = jsonColumn<ResultRow['data']>();

const selectionOf = ({ discovery, limit, batch, rollout, untilMs, noResults }: RunSummary) => ({
  ...(discovery === undefined ? {} : { discovery }),
  ...(limit === undefined ? {} : { limit }),
  ...(batch === undefined ? {} : { batch }),
  ...(rollout === undefined ? {} : { rollout }),
  ...(untilMs === undefined ? {} : { untilMs }),
  ...(noResults === undefined ? {} : { noResults }),
});

/** Columns that are not written together with the summary. */
type OtherColumns =
  | 'console_id'
  | 'described'
  | 'wish'
  | 'is_released'
  | 'ordered'
  | 'secrets'
  | 'progress'
  | 'answers_until_ms'
  | 'revision'
  | 'pinned_at_ms'
  | 'pinned_by'
  | 'removed_at_ms'
  | 'is_conducted';

/** The SQL for what a row of a run has. */
export const runColumns = `*, state IN ('discovering', 'running', 'paused', 'stopping') AND console_id IN (SELECT console_id FROM consoles) AS is_conducted`;

/** The SQL for rows of runs, up to their conditions. */
export const selectRuns = `SELECT ${runColumns} FROM runs`;

/** The longest text of a target that is searched, in characters. */
const longestAim = 2000;

/** Names and filters of a target, as a search finds them. */
function aimOf({ target }: RunSummary): string {
  if (target.kind === 'nodes') return '';
  const texts = target.kind === 'filter' ? [target.filter] : [target.name, target.filter, target.resolved.filter];
  return texts
    .filter((text) => text !== undefined && text !== null)
    .join('\n')
    .slice(0, longestAim);
}

const harmless: ReadonlySet<string> = new Set<NodeState>(['ok', 'queued', 'sent', 'waiting', 'accepted', 'running']);

const failuresOf = ({ states }: RunSummary): number =>
  Object.entries(states).reduce((sum, [state, nodes]) => (harmless.has(state) ? sum : sum + nodes), 0);

export const runToRow = (run: RunSummary): Omit<RunTableRow, OtherColumns> => ({
  run_id: run.runId,
  person: run.person,
  collective: run.collective,
  agent: run.agent,
  action: run.action,
  inputs: inputs.write(run.inputs),
  target: target.write(run.target),
  state: run.state,
  hold: run.hold,
  fault: run.fault === null ? null : fault.write(run.fault),
  started_at_ms: run.startedAtMs,
  sent_at_ms: run.sentAtMs,
  finished_at_ms: run.finishedAtMs,
  discovery_ms: run.discoveryMs,
  timeout_ms: run.timeoutMs,
  delivery_ms: run.deliveryMs,
  execution_ms: run.executionMs,
  ttl_ms: run.ttlMs,
  selection: selection.write(selectionOf(run)),
  expected: run.expected,
  responses: run.responses,
  unexpected: run.unexpected,
  states: states.write(run.states),
  aimed_at: aimOf(run),
  failures: failuresOf(run),
});

export const rowToRun = (row: RunTableRow): RunSummary => ({
  runId: row.run_id,
  person: row.person,
  collective: row.collective,
  agent: row.agent,
  action: row.action,
  inputs: inputs.read(row.inputs),
  target: target.read(row.target),
  state: row.state,
  hold: row.hold,
  holdUntilMs: row.hold === 'sleep' && row.progress !== null ? progressColumn.read(row.progress).sleepUntilMs : null,
  isConducted: row.is_conducted === 1,
  fault: row.fault === null ? null : fault.read(row.fault),
  startedAtMs: row.started_at_ms,
  sentAtMs: row.sent_at_ms,
  finishedAtMs: row.finished_at_ms,
  discoveryMs: row.discovery_ms,
  timeoutMs: row.timeout_ms,
  deliveryMs: row.delivery_ms,
  executionMs: row.execution_ms,
  ttlMs: row.ttl_ms,
  ...selection.read(row.selection),
  expected: row.expected,
  responses: row.responses,
  states: states.read(row.states),
  unexpected: row.unexpected,
});

export const rowToResult = (row: NodeTableRow): ResultRow => ({
  identity: row.identity,
  state: row.state,
  arrival: row.arrival,
  statusCode: row.status_code,
  statusMessage: row.status_message,
  data: data.read(row.data),
  elapsedMs: row.elapsed_ms,
});

export const rowToDetail = (row: NodeTableRow): ResultDetail => ({
  ...rowToResult(row),
  outcome: row.outcome,
  arrivedAtMs: row.arrived_at_ms,
  timings:
    row.received_at_ms === null
      ? null
      : { receivedAtMs: row.received_at_ms, startedAtMs: row.started_at_ms, finishedAtMs: row.finished_at_ms },
  signedBy: row.signed_by,
});

export const rowToStoredNode = (row: NodeTableRow): StoredRunNode => ({
  identity: row.identity,
  state: row.state,
  answered: row.outcome !== null,
  issuedAtMs: row.issued_at_ms,
  publishedAtMs: row.published_at_ms,
  copies: row.copies,
  returned: row.returned,
  noticedAtMs: row.noticed_at_ms,
});
