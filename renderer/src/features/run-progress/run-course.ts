import type { RunSummary } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';
import type { NodeState } from '@muster/protocol/run';
import { failedStates, silentStates } from '../node-state/state-groups.ts';
import { allowedOf, countOf } from '../rollout/rollout-words.ts';

const atWorkStates: readonly NodeState[] = ['sent', 'accepted', 'running'];
const finalStates: readonly RunSummary['state'][] = ['finished', 'stopped', 'cancelled', 'failed'];

export const isFinal = ({ state }: Pick<RunSummary, 'state'>): boolean => finalStates.includes(state);

/** Whether it has an end before it that no console leads it to. */
export const isInterrupted = (run: RunSummary): boolean => !isFinal(run) && !run.isConducted;

/** Whether a person has ended it, which is no failure. */
export const isByPerson = (run: RunSummary): run is RunSummary & { readonly fault: Fault } =>
  run.fault?.code === 'run.stopped' || run.fault?.code === 'run.cancelled';

/** Whether it is cancelled: nodes that were not asked cannot be told from others any more. */
const isCancelled = ({ fault }: RunSummary): boolean => fault?.code === 'run.cancelled';

/** Where a run stands on its way over the fleet. */
export interface RunCourse {
  /** Nodes that have been asked and are awaited. */
  readonly atWork: number;
  /** Nodes whose turn has not come. */
  readonly queued: number;
  /** Nodes that are away and may still get the request. */
  readonly waiting: number;
  readonly skipped: number;
  /** Nodes that were cancelled, asked or not. */
  readonly cancelled: number;
  /** Nodes that did not end well, as the threshold counts them but for cancelled ones, and how many may; null where any number may. */
  readonly failed: number;
  readonly allowed: number | null;
  /** While the canaries are at work: how many have ended, of how many. */
  readonly canaries: { readonly done: number; readonly total: number } | null;
  /** Number of the batch that was asked last, from 1, of how many there are; null without batches, before the first, at the end, and where it is cancelled. */
  readonly batch: { readonly number: number; readonly total: number } | null;
}

const sumOf = ({ states }: RunSummary, which: readonly NodeState[]): number =>
  which.reduce((sum, state) => sum + (states[state] ?? 0), 0);

function batchOf(run: RunSummary, canaries: number, asked: number): RunCourse['batch'] {
  const { batch, expected } = run;
  if (batch === undefined || asked <= canaries || isFinal(run) || isCancelled(run)) return null;
  const size = countOf(batch.size, expected);
  return { number: Math.ceil((asked - canaries) / size), total: Math.ceil((expected - canaries) / size) };
}

export function courseOf(run: RunSummary): RunCourse {
  const { canary, maxErrors } = run.rollout ?? {};
  const queued = run.states.queued ?? 0;
  const skipped = run.states.skipped ?? 0;
  const waiting = run.states.waiting ?? 0;
  const atWork = sumOf(run, atWorkStates);
  const asked = run.expected - queued - skipped;
  const canaries = canary === undefined ? 0 : countOf(canary.size, run.expected);
  return {
    atWork,
    queued,
    waiting,
    skipped,
    cancelled: run.states.cancelled ?? 0,
    failed: sumOf(run, failedStates) + sumOf(run, silentStates),
    allowed: maxErrors === undefined ? null : allowedOf(maxErrors, run.expected),
    canaries:
      asked > canaries || canaries === 0 || run.hold === 'canary'
        ? null
        : { done: Math.max(0, asked - atWork - waiting), total: canaries },
    batch: batchOf(run, canaries, asked),
  };
}

/** What can become of a run now. */
export interface RunChoices {
  readonly canPause: boolean;
  readonly canResume: boolean;
  readonly canStop: boolean;
  readonly canCancel: boolean;
}

export function choicesOf(run: RunSummary): RunChoices {
  const interrupted = isInterrupted(run);
  const { queued } = courseOf(run);
  const isOpen = !isFinal(run);
  return {
    // With no node left to ask there is nothing to hold back.
    canPause: !interrupted && run.state === 'running' && run.hold !== 'canary' && queued > 0,
    // Word on its canaries is given where that is asked for.
    canResume: run.hold !== 'canary' && (interrupted || run.state === 'paused'),
    canStop: (run.state === 'running' || run.state === 'paused') && run.hold !== 'canary' && queued > 0,
    canCancel: isOpen && run.state !== 'discovering' && !isCancelled(run),
  };
}
