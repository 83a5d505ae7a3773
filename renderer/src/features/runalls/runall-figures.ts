import type { RunallState, RunallSummary } from '@muster/protocol/bridge';
import { formatNumber } from '../../texts/format.ts';
import { texts } from '../../texts/texts.ts';

const finals: ReadonlySet<RunallState> = new Set(['finished', 'cancelled', 'failed']);

/** Whether nothing more happens. */
export const isFinal = ({ state }: Pick<RunallSummary, 'state'>): boolean => finals.has(state);

/** Whether somebody must pick it up before anything more happens. */
export const isInterrupted = (runall: RunallSummary): boolean => !isFinal(runall) && !runall.isConducted;

/** States of nodes that take a slot. */
export const slotStates = ['busy', 'starting', 'running'] as const;

export const slotsInUse = ({ states }: RunallSummary): number =>
  slotStates.reduce((sum, state) => sum + (states[state] ?? 0), 0);

/** A runall as a bar: what is done first, what waits last. */
export function runallSegments(runall: RunallSummary) {
  const { results, states } = runall;
  const words = texts.runalls;
  return [
    { id: 'ok', count: results.ok, tone: 'ok' as const, label: words.results.ok },
    { id: 'changed', count: results.changed, tone: 'busy' as const, label: words.results.changed },
    { id: 'unknown', count: results.unknown, tone: 'ok' as const, label: words.resultUnknown },
    { id: 'failed', count: results.failed, tone: 'bad' as const, label: words.results.failed },
    { id: 'skipped', count: states.skipped ?? 0, tone: 'warn' as const, label: words.nodeStates.skipped },
    { id: 'slots', count: slotsInUse(runall), tone: 'idle' as const, label: words.chips.slots },
  ].filter(({ count }) => count > 0);
}

/** The same in words, for those who cannot see the bar. */
export const runallInWords = (runall: RunallSummary): string =>
  [...runallSegments(runall), { label: texts.runalls.nodeStates.waiting, count: runall.states.waiting ?? 0 }]
    .map(({ label, count }) => `${label}: ${formatNumber(count)}`)
    .join(', ');

/** The nodes that a runall is for, in a few words. */
export function targetInWords({ target }: Pick<RunallSummary, 'target'>): string {
  switch (target.kind) {
    case 'nodes':
      return texts.list(target.identities, 3);
    case 'filter':
      return target.filter === '' ? texts.runalls.allNodes : target.filter;
    default:
      return texts.run.named[target.kind](target.name);
  }
}

/** What every run is told, as the command line writes it; empty for nothing. */
export const optionsInWords = ({ options }: Pick<RunallSummary, 'options'>): string =>
  Object.entries(options)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
