import type { PuppetRun, PuppetState } from '@muster/protocol/bridge';
import Ban from '@lucide/svelte/icons/ban';
import CircleCheck from '@lucide/svelte/icons/circle-check';
import CircleHelp from '@lucide/svelte/icons/circle-question-mark';
import CircleStop from '@lucide/svelte/icons/circle-stop';
import CircleX from '@lucide/svelte/icons/circle-x';
import Clock from '@lucide/svelte/icons/clock';
import LoaderCircle from '@lucide/svelte/icons/loader-circle';
import Pencil from '@lucide/svelte/icons/pencil';
import type { StateLook } from '../node-state/state-look.ts';

/** How the state of Puppet on a node looks; its name stands beside it always. */
export const puppetLooks: Readonly<Record<PuppetState, StateLook>> = {
  applying: { tone: 'busy', icon: LoaderCircle },
  idling: { tone: 'ok', icon: Clock },
  stopped: { tone: 'idle', icon: CircleStop },
  disabled: { tone: 'warn', icon: Ban },
  unknown: { tone: 'idle', icon: CircleHelp },
};

/** What is known of a node is shown as old from this age on, in milliseconds. */
export const staleAfterMs = 30 * 60_000;

/** How what a run came to looks. */
export const runLooks: Readonly<Record<PuppetRun['result'], StateLook>> = {
  ok: { tone: 'ok', icon: CircleCheck },
  changed: { tone: 'busy', icon: Pencil },
  failed: { tone: 'bad', icon: CircleX },
};
