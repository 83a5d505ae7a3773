import type { RunSummary } from '@muster/protocol/bridge';
import type { NodeState } from '@muster/protocol/run';
import { texts } from '../../texts/texts.ts';
import { failedStates, silentStates } from '../node-state/state-groups.ts';

/** Nodes of a run that a next run can be for. */
export interface Aim {
  readonly id: 'selected' | 'failed' | 'silent' | 'ok' | 'skipped' | 'cancelled' | 'all';
  /** How many nodes these are now. */
  readonly count: number;
  readonly label: string;
  /** The states they are in, empty for any; null for those that are selected. */
  readonly states: readonly NodeState[] | null;
}

/** Who of a run can be asked next; what was selected comes first. */
export function aimsOf(run: RunSummary, selected: number): readonly Aim[] {
  const words = texts.run;
  const inStates = (
    id: Aim['id'],
    states: readonly NodeState[],
    label: (count: number) => string,
  ): Aim & { readonly states: readonly NodeState[] } => {
    const count = states.reduce((sum, state) => sum + (run.states[state] ?? 0), 0);
    return { id, count, label: label(count), states };
  };
  return [
    { id: 'selected', count: selected, label: texts.fleet.selected(selected), states: null },
    inStates('failed', failedStates, words.retargetFailed),
    inStates('silent', silentStates, words.retargetSilent),
    inStates('ok', ['ok'], words.retargetOk),
    inStates('skipped', ['skipped'], words.retargetSkipped),
    inStates('cancelled', ['cancelled'], words.retargetCancelled),
    { id: 'all', count: run.expected, label: words.retargetAll, states: [] },
  ];
}
