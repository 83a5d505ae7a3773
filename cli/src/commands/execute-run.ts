import type { Engine } from '@muster/client/engine';
import type { ResultDetail, RunOrder } from '@muster/protocol/bridge';
import { ok, type Fault, type Result } from '@muster/protocol/errors';
import type { ReportedFault } from '../output/run-json.ts';
import type { RunOutcome } from '../output/run-report.ts';
import type { Targets } from './find-targets.ts';

export interface RunRequest {
  readonly order: Pick<
    RunOrder,
    'agent' | 'action' | 'inputs' | 'collective' | 'timeoutMs' | 'ttlMs' | 'batch' | 'noResults'
  >;
  readonly targets: Targets;
  readonly interrupted: AbortSignal;
  /** Called for each answer as it arrives, with how many nodes have answered. */
  readonly onAnswer: (answer: ResultDetail, answered: number) => void;
}

export interface ExecutedRun {
  readonly outcome: RunOutcome;
  /** Why the run as a whole came to nothing, if so. */
  readonly fault: ReportedFault | null;
}

function whenAborted(signal: AbortSignal): Promise<null> {
  if (signal.aborted) return Promise.resolve(null);
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(null), { once: true }));
}

/**
 * Sends a request to nodes that were found and gathers the answers until the run is over or the person interrupts.
 *
 * With no nodes, nothing is sent and no run is kept.
 *
 * Errors: those of `Runs.start`; what fails later is the `fault` of the run.
 */
export async function executeRun(engine: Engine, request: RunRequest, now: () => number): Promise<Result<ExecutedRun>> {
  const { order, targets, interrupted, onAnswer } = request;
  const expected = new Set(targets.identities);
  const answered = new Set<string>();
  let succeeded = 0;
  const startedAtMs = now();
  if (targets.identities.length === 0)
    return ok({ outcome: nobody(order, targets.durationMs, startedAtMs), fault: null });
  const started = await engine.runs.start({
    ...order,
    target: targets.target,
    ...(targets.resolved === undefined ? {} : { resolved: targets.resolved }),
    ...(targets.collective === undefined ? {} : { collective: targets.collective }),
    ...(targets.choice === undefined ? {} : { discovery: targets.choice }),
    ...(targets.limit === undefined ? {} : { limit: targets.limit }),
    discovered: targets,
    watch: {
      onResult: (answer) => {
        if (answered.has(answer.identity)) return;
        answered.add(answer.identity);
        if (answer.statusCode === 0) succeeded += 1;
        onAnswer(answer, answered.size);
      },
    },
  });
  if (!started.ok) return started;
  const summary = await Promise.race([started.value.finished, whenAborted(interrupted)]);
  const last = summary ?? (await engine.runs.get(started.value.runId).then((got) => (got.ok ? got.value : null)));
  const sentAtMs = last?.sentAtMs ?? null;
  const finishedAtMs = summary?.finishedAtMs ?? now();
  const outcome: RunOutcome = {
    runId: started.value.runId,
    agent: order.agent,
    action: order.action,
    discoveryMs: targets.durationMs,
    discovered: expected.size,
    responses: answered.size,
    ok: succeeded,
    failed: answered.size - succeeded,
    startedAtMs,
    publishMs: Math.max(0, (sentAtMs ?? finishedAtMs) - startedAtMs),
    requestMs: sentAtMs === null ? 0 : Math.max(0, finishedAtMs - sentAtMs),
    noResponses: order.noResults === true ? [] : [...expected].filter((identity) => !answered.has(identity)).sort(),
    unexpectedResponses: [...answered].filter((identity) => !expected.has(identity)).sort(),
    interrupted: summary === null,
    ...(order.noResults === true ? { unanswered: { unknown: last?.states.unknown_node ?? 0 } } : {}),
  };
  return ok({ outcome, fault: summary === null ? interruption(outcome, sentAtMs !== null) : summary.fault });
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
    unexpectedResponses: [],
  };
  return { ...none, runId: '', agent, action, discoveryMs, startedAtMs, interrupted: false };
}

/** What it means to stop waiting: the request is out of our hands. */
function interruption({ responses, discovered, runId }: RunOutcome, sent: boolean): Fault {
  if (!sent)
    return { code: 'run.interrupted', message: 'Interrupted before the request was sent', mend: `See run ${runId}.` };
  return {
    code: 'run.interrupted',
    message: `Interrupted: the request is sent, and ${responses} of ${discovered} nodes have answered`,
    mend: `What began on the nodes goes on there. The answers so far: muster runs show ${runId}`,
  };
}
