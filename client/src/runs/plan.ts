import type { RunOrder, RunSummary, Tolerance } from '@muster/protocol/bridge';
import { fail, type Fault } from '@muster/protocol/errors';
import type { RunHold } from '@muster/protocol/run';
import { batchCount } from '../discovery/index.ts';
import type { WantedOfRun } from '../storage/index.ts';

/** How a run goes over its nodes, in numbers of nodes. */
export interface Plan {
  readonly total: number;
  /** The first so many are canaries; 0 for none. */
  readonly canaries: number;
  /** After them a person has to say that it goes on. */
  readonly holdsAfterCanaries: boolean;
  readonly batchSize: number;
  readonly sleepMs: number;
  /** How many may be at work at once. */
  readonly concurrency: number;
  readonly maxErrors: number;
}

/** Where a run stands. Nodes are asked strictly in their order. */
export interface Standing {
  readonly nowMs: number;
  /** How many have been asked. */
  readonly asked: number;
  /** How many of them have not come to an end, and are not merely away. */
  readonly atWork: number;
  /** How many came to another end than `ok`. */
  readonly failures: number;
  readonly canaries: { readonly ok: number; readonly failed: number };
  readonly canaryPassed: boolean;
  /** How many had been asked when the batch under way began. */
  readonly batchFrom: number;
  readonly sleepUntilMs: number | null;
  readonly wanted: WantedOfRun;
}

/** What comes next. */
export type Step =
  | { readonly kind: 'ask'; readonly count: number; readonly beginsBatch: boolean }
  /** Until something happens, or `untilMs`. */
  | {
      readonly kind: 'wait';
      readonly hold: RunHold | null;
      readonly isPaused: boolean;
      readonly untilMs: number | null;
    }
  | { readonly kind: 'sleep'; readonly untilMs: number }
  | { readonly kind: 'canary_passed' }
  /** All have been asked. */
  | { readonly kind: 'asked' }
  /** No further ones are asked. */
  | { readonly kind: 'stop'; readonly never: 'skipped' | 'cancelled'; readonly fault: Fault };

const tolerated = (tolerance: Tolerance | undefined, total: number): number => {
  if (tolerance === undefined) return Infinity;
  return tolerance.unit === 'nodes' ? tolerance.amount : Math.floor((total * tolerance.amount) / 100);
};

/** The plan of a run over that many nodes. */
export function planOf({ batch, rollout }: Pick<RunOrder, 'batch' | 'rollout'>, total: number): Plan {
  const { canary, concurrency, maxErrors } = rollout ?? {};
  return {
    total,
    canaries: canary === undefined ? 0 : Math.min(total, batchCount(canary.size, total)),
    holdsAfterCanaries: canary?.hold === true,
    batchSize: batch === undefined ? Infinity : batchCount(batch.size, total),
    sleepMs: batch?.sleepMs ?? 0,
    concurrency: concurrency === undefined ? Infinity : batchCount(concurrency, total),
    maxErrors: tolerated(maxErrors, total),
  };
}

const waiting = (hold: RunHold | null = null, untilMs: number | null = null): Step => ({
  kind: 'wait',
  hold,
  isPaused: false,
  untilMs,
});

/** Why no further nodes are asked, if so. */
function ending(plan: Plan, { wanted, failures, asked, canaries, canaryPassed }: Standing): Step | null {
  const stop = (fault: Fault, never: 'skipped' | 'cancelled' = 'skipped'): Step => ({ kind: 'stop', never, fault });
  if (wanted.wish === 'cancel') return stop(fail('run.cancelled', 'The run was cancelled').error, 'cancelled');
  if (asked === plan.total) return null;
  if (wanted.wish === 'stop') return stop(fail('run.stopped', 'The run was stopped').error);
  if (!canaryPassed && canaries.failed > 0) {
    const message = `${canaries.failed} of ${plan.canaries} canaries did not answer ok, so no further nodes are asked`;
    return stop(fail('run.canary_failed', message).error);
  }
  if (failures <= plan.maxErrors) return null;
  const message = `${failures} nodes have failed, more than the ${plan.maxErrors} that the run allows`;
  return stop(fail('run.too_many_errors', message).error);
}

/** The canaries' turn; null when it is over. */
function canaryStep(plan: Plan, { asked, atWork, canaries, canaryPassed, wanted }: Standing): Step | null {
  if (plan.canaries === 0 || canaryPassed) return null;
  const free = Math.min(plan.canaries - asked, plan.concurrency - atWork);
  if (asked < plan.canaries) return free > 0 ? { kind: 'ask', count: free, beginsBatch: false } : waiting();
  if (canaries.ok < plan.canaries) return asked === plan.total ? { kind: 'asked' } : waiting();
  if (plan.holdsAfterCanaries && !wanted.isReleased && asked < plan.total) return waiting('canary');
  return { kind: 'canary_passed' };
}

/** The turn of a batch, or of all. */
function batchStep(plan: Plan, standing: Standing): Step {
  const { asked, atWork, batchFrom, sleepUntilMs, nowMs } = standing;
  const batchEnd = batchFrom + plan.batchSize;
  const inBatch = asked < batchEnd;
  if (inBatch) {
    const free = Math.min(batchEnd - asked, plan.total - asked, plan.concurrency - atWork);
    return free > 0 ? { kind: 'ask', count: free, beginsBatch: false } : waiting();
  }
  if (atWork > 0) return waiting();
  // No sleep is longer than that, unless the clock was set back meanwhile.
  const isKnown = sleepUntilMs !== null && sleepUntilMs <= nowMs + plan.sleepMs;
  if (!isKnown && plan.sleepMs > 0) return { kind: 'sleep', untilMs: nowMs + plan.sleepMs };
  if (isKnown && nowMs < sleepUntilMs) return waiting('sleep', sleepUntilMs);
  return { kind: 'ask', count: Math.min(plan.batchSize, plan.total - asked), beginsBatch: true };
}

/** What a run does next. */
export function nextStep(plan: Plan, standing: Standing): Step {
  const end = ending(plan, standing);
  if (end !== null) return end;
  const canary = canaryStep(plan, standing);
  if (standing.wanted.wish === 'pause' && standing.asked < plan.total) {
    // What a person has to say about the canaries is said by the same word that ends the pause, so it is shown meanwhile.
    const hold = canary?.kind === 'wait' ? canary.hold : null;
    return { kind: 'wait', hold, isPaused: true, untilMs: null };
  }
  if (canary !== null) return canary;
  return standing.asked === plan.total ? { kind: 'asked' } : batchStep(plan, standing);
}

/** How a run ends whose nodes have all come to their end. */
export function endOf(fault: Fault | null): RunSummary['state'] {
  switch (fault?.code) {
    case undefined:
      return 'finished';
    case 'run.cancelled':
      return 'cancelled';
    case 'run.stopped':
    case 'run.too_many_errors':
    case 'run.canary_failed':
      return 'stopped';
    default:
      return 'failed';
  }
}
