import type { NodeState } from '@muster/protocol/run';

/** What a console says of one node in one run. */
export interface Told {
  readonly runId: string;
  readonly console: string;
  readonly identity: string;
  readonly state: NodeState;
  /** When the action began, by the node; null when it did not begin or nothing is known. */
  readonly startedAtMs: number | null;
  readonly statusMessage: string;
}

/** One line of a node's ledger. */
export interface Execution {
  readonly requestId: string;
  readonly node: string;
  readonly token: string;
}

export type ViolationKind = 'executed twice' | 'outcome missing' | 'wrong outcome';

export interface Violation {
  readonly kind: ViolationKind;
  readonly runId: string;
  readonly identity: string;
  readonly console: string | null;
  readonly state: NodeState | null;
  readonly executions: number;
  readonly why: string;
}

export interface Evidence {
  readonly told: readonly Told[];
  readonly executions: readonly Execution[];
  /** Requests that consoles said they had taken: run ids. */
  readonly accepted: readonly string[];
  /** Runs that consoles have, with nodes or without. */
  readonly kept: ReadonlySet<string>;
  /** Nodes that were never to come back. */
  readonly ghosts: ReadonlySet<string>;
  /** Runs whose record the test itself took off a console's disk. */
  readonly cutOff: ReadonlySet<string>;
}

/** States of which it matters whether the action began. */
export const statesOfEitherKind: readonly NodeState[] = ['failed', 'cancelled'];

/** How often an action may have run on a node whose outcome is of that state; null where the outcome itself is missing. */
function allowedExecutions(
  { state, startedAtMs, identity }: Told,
  ghosts: Evidence['ghosts'],
): readonly [least: number, most: number] | null {
  switch (state) {
    case 'ok':
      return [1, 1];
    case 'failed':
      return startedAtMs === null ? [0, 0] : [1, 1];
    case 'interrupted':
    case 'timed_out':
      return [0, 1];
    case 'cancelled':
      return startedAtMs === null ? [0, 0] : [0, 1];
    case 'refused':
    case 'invalid':
    case 'expired':
    case 'skewed':
    case 'unknown_node':
    case 'undelivered':
    case 'unsealable':
    case 'skipped':
      return [0, 0];
    case 'no_answer':
      return ghosts.has(identity) ? [0, 0] : null;
    case 'queued':
    case 'sent':
    case 'waiting':
    case 'accepted':
    case 'running':
      return null;
  }
}

const keyOf = (runId: string, identity: string): string => `${runId} ${identity}`;

function judgeTold(told: Told, executions: number, ghosts: Evidence['ghosts']): Violation | undefined {
  const { runId, identity, console, state, statusMessage } = told;
  const violation = (kind: ViolationKind, why: string): Violation => ({
    kind,
    runId,
    identity,
    console,
    state,
    executions,
    why,
  });
  if (executions > 1) return violation('executed twice', `${executions} lines in the ledger`);
  const allowed = allowedExecutions(told, ghosts);
  if (allowed === null) return violation('outcome missing', `the console says "${state}" after everything was mended`);
  const [least, most] = allowed;
  if (executions < least) return violation('wrong outcome', `"${state}" without an execution: ${statusMessage}`);
  if (executions > most) return violation('wrong outcome', `"${state}" though it was executed: ${statusMessage}`);
  return undefined;
}

/**
 * Holds what the consoles say against what the nodes did, once every fault has been mended, every node is back and every run has
 * had its time. Each request has exactly one outcome for each of its nodes, and it is true.
 */
export function judge({ told, executions, accepted, kept, ghosts, cutOff }: Evidence): readonly Violation[] {
  const counts = new Map<string, number>();
  for (const { requestId, node } of executions) {
    const key = keyOf(requestId, node);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const violations = told.flatMap(
    (one) => judgeTold(one, counts.get(keyOf(one.runId, one.identity)) ?? 0, ghosts) ?? [],
  );

  const known = new Set(told.map(({ runId, identity }) => keyOf(runId, identity)));
  for (const [key, count] of counts) {
    const [runId = '', identity = ''] = key.split(' ');
    if (known.has(key) || cutOff.has(runId)) continue;
    const kind = count > 1 ? 'executed twice' : 'outcome missing';
    violations.push({
      kind,
      runId,
      identity,
      console: null,
      state: null,
      executions: count,
      why: 'executed, and no console knows of it',
    });
  }
  return [...violations, ...accepted.filter((runId) => !kept.has(runId) && !cutOff.has(runId)).map(lostRun)];
}

const lostRun = (runId: string): Violation => ({
  kind: 'outcome missing',
  runId,
  identity: '',
  console: null,
  state: null,
  executions: 0,
  why: 'a console took the request and does not know it any more',
});
