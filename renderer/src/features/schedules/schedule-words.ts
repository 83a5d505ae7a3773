import CalendarClock from '@lucide/svelte/icons/calendar-clock';
import CalendarX from '@lucide/svelte/icons/calendar-x';
import CircleCheck from '@lucide/svelte/icons/circle-check';
import CircleX from '@lucide/svelte/icons/circle-x';
import SkipForward from '@lucide/svelte/icons/skip-forward';
import type { OccurrenceOutcome, Schedule } from '@muster/protocol/bridge';
import { formatDuration, formatMoment } from '../../texts/format.ts';
import { texts } from '../../texts/texts.ts';
import type { Tone } from '../../ui/badge/tone.ts';

const words = texts.schedules;

interface OutcomeLook {
  readonly icon: typeof CircleCheck;
  readonly tone: Tone;
}

export const outcomeLooks: Readonly<Record<OccurrenceOutcome, OutcomeLook>> = {
  starting: { icon: CalendarClock, tone: 'busy' },
  started: { icon: CircleCheck, tone: 'ok' },
  missed: { icon: CalendarX, tone: 'warn' },
  overlapped: { icon: SkipForward, tone: 'idle' },
  refused: { icon: CircleX, tone: 'bad' },
};

/** When it runs: `0 3 * * * in Europe/Berlin`. */
export const timingInWords = ({ timing }: Pick<Schedule, 'timing'>): string =>
  timing.kind === 'once'
    ? `${words.once}, ${formatMoment(timing.atMs)}`
    : `${timing.cron} ${words.in(timing.timeZone)}`;

/** What becomes of times that cannot be kept. */
export const policyInWords = ({ missed, overlap }: Pick<Schedule, 'missed' | 'overlap'>): string =>
  `${missed.kind === 'skip' ? words.policies.skip : words.policies.late(formatDuration(missed.withinMs))}; ${
    overlap === 'skip' ? words.policies.overlapSkip : words.policies.overlapStart
  }`;
