import type { RunSummary } from '@muster/protocol/bridge';
import Hourglass from '@lucide/svelte/icons/hourglass';
import TriangleAlert from '@lucide/svelte/icons/triangle-alert';
import { texts } from '../../texts/texts.ts';
import { runStateLooks, type StateLook } from './state-look.ts';

/** How the state of a run looks and what it is called: what it waits for says more than that it goes on. */
export function runLook({
  state,
  hold,
  isConducted,
  finishedAtMs,
}: Pick<RunSummary, 'state' | 'hold' | 'isConducted' | 'finishedAtMs'>): StateLook & { readonly label: string } {
  if (finishedAtMs === null && !isConducted) return { tone: 'warn', icon: TriangleAlert, label: texts.interruptedRun };
  if (hold === null || (state !== 'running' && state !== 'discovering'))
    return { ...runStateLooks[state], label: texts.runStates[state] };
  return { tone: hold === 'storage' ? 'bad' : 'warn', icon: Hourglass, label: texts.runHolds[hold] };
}
