import type { RunallNode, RunallState } from '@muster/protocol/bridge';
import Ban from '@lucide/svelte/icons/ban';
import CircleCheck from '@lucide/svelte/icons/circle-check';
import CircleDashed from '@lucide/svelte/icons/circle-dashed';
import CircleHelp from '@lucide/svelte/icons/circle-question-mark';
import CircleX from '@lucide/svelte/icons/circle-x';
import Clock from '@lucide/svelte/icons/clock';
import LoaderCircle from '@lucide/svelte/icons/loader-circle';
import Pause from '@lucide/svelte/icons/circle-pause';
import Radar from '@lucide/svelte/icons/radar';
import SkipForward from '@lucide/svelte/icons/skip-forward';
import { texts } from '../../texts/texts.ts';
import type { StateLook } from '../node-state/state-look.ts';
import { runLooks } from '../puppet-fleet/puppet-look.ts';

export const runallLooks: Readonly<Record<RunallState, StateLook>> = {
  discovering: { tone: 'busy', icon: Radar },
  running: { tone: 'busy', icon: LoaderCircle },
  paused: { tone: 'warn', icon: Pause },
  waiting: { tone: 'idle', icon: Clock },
  cancelling: { tone: 'warn', icon: Ban },
  finished: { tone: 'ok', icon: CircleCheck },
  cancelled: { tone: 'idle', icon: Ban },
  failed: { tone: 'bad', icon: CircleX },
};

/** How a node of a runall looks: what its run came to, once it is done. */
export function nodeLook({ state, run }: RunallNode): StateLook & { readonly label: string } {
  const words = texts.runalls;
  switch (state) {
    case 'waiting':
      return { tone: 'idle', icon: CircleDashed, label: words.nodeStates.waiting };
    case 'busy':
      return { tone: 'idle', icon: LoaderCircle, label: words.nodeStates.busy };
    case 'starting':
    case 'running':
      return { tone: 'busy', icon: LoaderCircle, label: words.nodeStates[state] };
    case 'skipped':
      return { tone: 'warn', icon: SkipForward, label: words.nodeStates.skipped };
    case 'done':
      if (run === null) return { tone: 'idle', icon: CircleHelp, label: words.nodeStates.done };
      return { ...runLooks[run.result], label: words.results[run.result] };
  }
}
