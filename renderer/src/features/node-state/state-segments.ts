import type { RunSummary } from '@muster/protocol/bridge';
import { nodeStates, type NodeState } from '@muster/protocol/run';
import { formatNumber } from '../../texts/format.ts';
import { texts } from '../../texts/texts.ts';
import type { Tone } from '../../ui/badge/tone.ts';
import { nodeStateLooks } from './state-look.ts';

const order: readonly Tone[] = ['ok', 'bad', 'warn', 'busy', 'idle'];

/** Of what is not done, what was not even asked comes last. */
const rank = ({ id, tone }: { readonly id: NodeState; readonly tone: Tone }): number =>
  id === 'queued' ? order.length : order.indexOf(tone);

/** The states of a run that have nodes: those that are done first, those that are awaited last. */
export const stateSegments = (run: RunSummary) =>
  nodeStates
    .map((id) => ({ id, count: run.states[id] ?? 0, tone: nodeStateLooks[id].tone, label: texts.nodeStates[id] }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => rank(a) - rank(b));

/** The same in words, for those who cannot see the bar. */
export const segmentsInWords = (run: RunSummary): string =>
  stateSegments(run)
    .map(({ label, count }) => `${label}: ${formatNumber(count)}`)
    .join(', ');
