import type { NodeState, RunState } from '@muster/protocol/run';
import Ban from '@lucide/svelte/icons/ban';
import CircleCheck from '@lucide/svelte/icons/circle-check';
import CircleDashed from '@lucide/svelte/icons/circle-dashed';
import CircleHelp from '@lucide/svelte/icons/circle-question-mark';
import CircleMinus from '@lucide/svelte/icons/circle-minus';
import CirclePause from '@lucide/svelte/icons/circle-pause';
import CircleStop from '@lucide/svelte/icons/circle-stop';
import CircleX from '@lucide/svelte/icons/circle-x';
import Clock3 from '@lucide/svelte/icons/clock-3';
import ClockAlert from '@lucide/svelte/icons/clock-alert';
import Hourglass from '@lucide/svelte/icons/hourglass';
import LoaderCircle from '@lucide/svelte/icons/loader-circle';
import MessageCircleX from '@lucide/svelte/icons/message-circle-x';
import OctagonX from '@lucide/svelte/icons/octagon-x';
import LockKeyhole from '@lucide/svelte/icons/lock-keyhole';
import MailX from '@lucide/svelte/icons/mail-x';
import Radar from '@lucide/svelte/icons/radar';
import Send from '@lucide/svelte/icons/send';
import ShieldX from '@lucide/svelte/icons/shield-x';
import TimerOff from '@lucide/svelte/icons/timer-off';
import ZapOff from '@lucide/svelte/icons/zap-off';
import type { Component } from 'svelte';
import type { Tone } from '../../ui/badge/tone.ts';

export interface StateLook {
  readonly tone: Tone;
  readonly icon: Component<{ size?: number }>;
}

/** How the state of a node in a run looks; its name stands beside it always. */
export const nodeStateLooks: Readonly<Record<NodeState, StateLook>> = {
  queued: { tone: 'idle', icon: CircleDashed },
  sent: { tone: 'idle', icon: Send },
  waiting: { tone: 'idle', icon: Clock3 },
  accepted: { tone: 'busy', icon: LoaderCircle },
  running: { tone: 'busy', icon: LoaderCircle },
  ok: { tone: 'ok', icon: CircleCheck },
  failed: { tone: 'bad', icon: CircleX },
  refused: { tone: 'bad', icon: ShieldX },
  invalid: { tone: 'bad', icon: OctagonX },
  expired: { tone: 'warn', icon: Hourglass },
  skewed: { tone: 'warn', icon: ClockAlert },
  timed_out: { tone: 'warn', icon: TimerOff },
  interrupted: { tone: 'warn', icon: ZapOff },
  cancelled: { tone: 'idle', icon: Ban },
  unknown_node: { tone: 'warn', icon: CircleHelp },
  undelivered: { tone: 'warn', icon: MailX },
  unsealable: { tone: 'warn', icon: LockKeyhole },
  skipped: { tone: 'idle', icon: CircleMinus },
  no_answer: { tone: 'warn', icon: MessageCircleX },
};

export const runStateLooks: Readonly<Record<RunState, StateLook>> = {
  discovering: { tone: 'busy', icon: Radar },
  running: { tone: 'busy', icon: LoaderCircle },
  paused: { tone: 'warn', icon: CirclePause },
  stopping: { tone: 'warn', icon: LoaderCircle },
  finished: { tone: 'ok', icon: CircleCheck },
  stopped: { tone: 'warn', icon: CircleStop },
  cancelled: { tone: 'idle', icon: Ban },
  failed: { tone: 'bad', icon: CircleX },
};
