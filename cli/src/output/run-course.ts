import { batchCount } from '@muster/client/discovery';
import type { RunSummary, Tolerance } from '@muster/protocol/bridge';
import { type NodeState, type RunHold } from '@muster/protocol/run';

const atWorkStates: readonly NodeState[] = ['sent', 'accepted', 'running'];
/** States that say nothing against the node: it is on its way, or nobody wanted anything of it. */
const harmlessStates: readonly NodeState[] = ['queued', 'waiting', ...atWorkStates, 'ok', 'skipped', 'cancelled'];

/** Where a run stands on its way over its nodes, in numbers of nodes. */
export interface RunCourse {
  /** Of a run that is cancelled also those whose turn had not come. */
  readonly asked: number;
  /** Have been asked and are awaited. */
  readonly atWork: number;
  /** Are away, and may still get the request. */
  readonly waiting: number;
  /** Their turn has not come. */
  readonly queued: number;
  readonly failed: number;
  /** How many may fail; null when any number may. */
  readonly allowed: number | null;
  /** While the canaries are at work: how many have ended, of how many. */
  readonly canaries: { readonly done: number; readonly total: number } | null;
  /** The batch that was asked last, from 1, of how many; null without batches, before the first, and where the run is cancelled. */
  readonly batch: { readonly number: number; readonly total: number } | null;
}

const sumOf = ({ states }: RunSummary, isMeant: (state: NodeState) => boolean): number =>
  // A partial record forgets that its keys are states.
  (Object.entries(states) as [NodeState, number][]).reduce((sum, [state, n]) => (isMeant(state) ? sum + n : sum), 0);

const allowedOf = ({ unit, amount }: Tolerance, total: number): number =>
  unit === 'nodes' ? amount : Math.floor((total * amount) / 100);

/** Whether it is cancelled: nodes that were not asked cannot be told from others any more. */
const isCancelled = ({ fault }: RunSummary): boolean => fault?.code === 'run.cancelled';

export function courseOf(run: RunSummary): RunCourse {
  const { expected, states, batch, rollout = {} } = run;
  const queued = states.queued ?? 0;
  const waiting = states.waiting ?? 0;
  const atWork = sumOf(run, (state) => atWorkStates.includes(state));
  const asked = expected - queued - (states.skipped ?? 0);
  const canaries = rollout.canary === undefined ? 0 : Math.min(expected, batchCount(rollout.canary.size, expected));
  const rest = expected - canaries;
  const size = batch === undefined ? null : batchCount(batch.size, expected);
  return {
    asked,
    atWork,
    waiting,
    queued,
    failed: sumOf(run, (state) => !harmlessStates.includes(state)),
    allowed: rollout.maxErrors === undefined ? null : allowedOf(rollout.maxErrors, expected),
    canaries:
      canaries === 0 || asked > canaries || run.hold === 'canary'
        ? null
        : { done: Math.max(0, asked - atWork - waiting), total: canaries },
    batch:
      size === null || asked <= canaries || isCancelled(run)
        ? null
        : { number: Math.ceil((asked - canaries) / size), total: Math.ceil(rest / size) },
  };
}

const holdTexts: Readonly<Record<RunHold, string>> = {
  lock: 'waits for another such run to end',
  canary: 'the canaries are well, waits for `muster runs resume`',
  sleep: 'waits for the next batch',
  broker: 'waits for the broker',
  storage: 'waits for room on the disk',
};

/** A run that asks its nodes little by little. */
export const isRollout = ({ batch, rollout }: Pick<RunSummary, 'batch' | 'rollout'>): boolean =>
  batch !== undefined || rollout !== undefined;

/** Whether it has an end before it that no console leads it to. */
export const isAbandoned = ({ finishedAtMs, isConducted }: RunSummary): boolean =>
  finishedAtMs === null && !isConducted;

/** What a run waits for or is up to; null while it just goes on. */
export function holdText({ state, hold }: Pick<RunSummary, 'state' | 'hold'>): string | null {
  if (state === 'paused') return hold === null ? 'paused' : `paused, ${holdTexts[hold]}`;
  if (state === 'stopping') return 'asks no further node';
  return hold === null ? null : holdTexts[hold];
}

/** The state of a run in words: `running, waits for the broker`, `paused`, `running, not conducted`. */
export function stateText(run: RunSummary): string {
  const held = run.finishedAtMs === null && run.state === 'running' ? holdText(run) : null;
  const state = run.state === 'paused' ? holdText(run) : run.state;
  return [state, ...(held === null ? [] : [held]), ...(isAbandoned(run) ? ['not conducted'] : [])].join(', ');
}

/** Which part of a roll-out is under way: `canaries 1 / 2`, `batch 2 / 5`; empty for other runs. */
function partTexts({ canaries, batch }: RunCourse): readonly string[] {
  if (canaries !== null) return [`canaries ${canaries.done} / ${canaries.total}`];
  return batch === null ? [] : [`batch ${batch.number} / ${batch.total}`];
}

function failureTexts({ failed, allowed }: RunCourse): readonly string[] {
  if (allowed !== null) return [`${failed} failed (${allowed} allowed)`];
  return failed === 0 ? [] : [`${failed} failed`];
}

/**
 * Where a run stands, for the line behind the bar: `batch 2 / 5, 4 at work, 1 failed (2 allowed), waits for the next batch`. Empty for a run
 * that asks all nodes at once while it just goes on.
 */
export function courseText(run: RunSummary): string {
  const course = courseOf(run);
  const held = holdText(run);
  const parts = isRollout(run) ? [...partTexts(course), `${course.atWork} at work`, ...failureTexts(course)] : [];
  const away = course.waiting === 0 ? [] : [`${course.waiting} away`];
  return [...parts, ...away, ...(held === null ? [] : [held])].join(', ');
}

/** What a run has come to whenever it comes to something else, for where there is no bar; null when there is nothing to say. */
export function milestoneOf(run: RunSummary): { readonly key: string; readonly text: string } | null {
  if (run.finishedAtMs !== null || run.expected === 0) return null;
  const course = courseOf(run);
  // A pause between batches is part of their pace.
  const held = run.hold === 'sleep' && run.state === 'running' ? null : holdText(run);
  const part = isRollout(run)
    ? course.canaries === null
      ? (partTexts(course)[0] ?? '')
      : `canaries: ${course.canaries.total} of ${run.expected} nodes`
    : '';
  const isAwaitingOnlyAway = course.waiting > 0 && course.atWork === 0 && course.queued === 0 && held === null;
  const away = isAwaitingOnlyAway ? `waits for ${course.waiting} nodes that are away` : '';
  const key = [part, held ?? '', away].join('|');
  if (key === '||') return null;
  const asked = isCancelled(run) ? [] : [`${course.asked} of ${run.expected} nodes asked`];
  const figures = isRollout(run) ? [...asked, ...failureTexts(course)] : [];
  const until = away !== '' && run.untilMs !== undefined ? [`until ${new Date(run.untilMs).toISOString()}`] : [];
  const text = [...[part, held ?? '', away].filter((one) => one !== ''), ...until, ...figures].join(', ');
  return { key, text };
}
