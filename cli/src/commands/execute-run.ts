import type { Engine } from '@muster/client/engine';
import type { ResultDetail, ResultRow, RunOrder, RunSummary } from '@muster/protocol/bridge';
import { ok, type Fault, type Result } from '@muster/protocol/errors';
import type { Pace } from '../options/pace.ts';
import type { ReportedFault } from '../output/run-json.ts';
import { unansweredOf, type RunOutcome } from '../output/run-report.ts';
import { allRows } from './find-run.ts';
import type { Targets } from './find-targets.ts';
import { leaveRun } from './leave-run.ts';

export interface RunRequest {
  readonly order: Pick<RunOrder, 'agent' | 'action' | 'inputs' | 'collective'> & Pace;
  readonly targets: Targets;
  readonly interrupted: AbortSignal;
  /** Called for each answer as it arrives, with how many nodes have answered. */
  readonly onAnswer: (answer: ResultDetail, answered: number) => void;
  /** Called whenever the run has come further. */
  readonly onChange?: (summary: RunSummary) => void;
}

export interface ExecutedRun {
  readonly outcome: RunOutcome;
  /** Why the run as a whole came to nothing, if so. */
  readonly fault: ReportedFault | null;
}

/** Null as soon as the person interrupts. */
export function whenAborted(signal: AbortSignal): Promise<null> {
  if (signal.aborted) return Promise.resolve(null);
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(null), { once: true }));
}

/** The order of a run on nodes that were found. */
export const orderOn = ({
  order,
  targets,
}: Pick<RunRequest, 'order' | 'targets'>): Parameters<Engine['runs']['start']>[0] => ({
  ...order,
  target: targets.target,
  ...(targets.resolved === undefined ? {} : { resolved: targets.resolved }),
  ...(targets.collective === undefined ? {} : { collective: targets.collective }),
  ...(targets.choice === undefined ? {} : { discovery: targets.choice }),
  ...(targets.limit === undefined ? {} : { limit: targets.limit }),
  discovered: targets,
});

/** Those that have not answered, and why, as far as that is known. */
async function unanswered(engine: Engine, runId: string, silent: readonly string[]): Promise<readonly ResultRow[]> {
  if (silent.length === 0) return [];
  const rows = await allRows(engine, runId);
  return rows.ok ? rows.value : [];
}

/**
 * Sends a request to nodes that were found and gathers the answers until the run is over or the person interrupts.
 *
 * With no nodes, nothing is sent and no run is kept.
 *
 * Errors: those of `Runs.start`; what fails later is the `fault` of the run.
 */
export async function executeRun(engine: Engine, request: RunRequest, now: () => number): Promise<Result<ExecutedRun>> {
  const { order, targets, interrupted, onAnswer, onChange } = request;
  const expected = new Set(targets.identities);
  const answers = new Map<string, ResultDetail>();
  const startedAtMs = now();
  if (targets.identities.length === 0)
    return ok({ outcome: nobody(order, targets.durationMs, startedAtMs), fault: null });
  const started = await engine.runs.start({
    ...orderOn(request),
    watch: {
      ...(onChange === undefined ? {} : { onChange }),
      onResult: (answer) => {
        if (answers.has(answer.identity)) return;
        answers.set(answer.identity, answer);
        onAnswer(answer, answers.size);
      },
    },
  });
  if (!started.ok) return started;
  const { runId, finished } = started.value;
  const summary = await Promise.race([finished, whenAborted(interrupted)]);
  const fault: Fault | ReportedFault | null = summary === null ? await leaveRun(engine, runId) : summary.fault;
  const last = summary ?? (await engine.runs.get(runId).then((got) => (got.ok ? got.value : null)));
  const sentAtMs = last?.sentAtMs ?? null;
  const finishedAtMs = summary?.finishedAtMs ?? now();
  const given = [...answers.values()];
  const succeeded = given.filter(({ statusCode }) => statusCode === 0).length;
  const silent = order.noResults === true ? [] : [...expected].filter((identity) => !answers.has(identity)).sort();
  const outcome: RunOutcome = {
    runId,
    agent: order.agent,
    action: order.action,
    discoveryMs: targets.durationMs,
    discovered: expected.size,
    responses: answers.size,
    ok: succeeded,
    failed: answers.size - succeeded,
    startedAtMs,
    publishMs: Math.max(0, (sentAtMs ?? finishedAtMs) - startedAtMs),
    requestMs: sentAtMs === null ? 0 : Math.max(0, finishedAtMs - sentAtMs),
    ...unansweredOf(silent, await unanswered(engine, runId, silent)),
    untilMs: last?.untilMs ?? null,
    lateResponses: given
      .filter(({ arrival }) => arrival === 'late')
      .map(({ identity }) => identity)
      .sort(),
    unexpectedResponses: [...answers.keys()].filter((identity) => !expected.has(identity)).sort(),
    interrupted: summary === null,
    ...(order.noResults === true ? { unanswered: { unknown: last?.states.unknown_node ?? 0 } } : {}),
  };
  return ok({ outcome, fault });
}

function nobody(order: RunRequest['order'], discoveryMs: number, startedAtMs: number): RunOutcome {
  const { agent, action } = order;
  const none = {
    discovered: 0,
    responses: 0,
    ok: 0,
    failed: 0,
    publishMs: 0,
    requestMs: 0,
    noResponses: [],
    waiting: [],
    notAsked: [],
    lateResponses: [],
    unexpectedResponses: [],
  };
  return { ...none, runId: '', agent, action, discoveryMs, startedAtMs, untilMs: null, interrupted: false };
}
