import type { Occurrence, Schedule } from '@muster/protocol/bridge';
import { cleanLine } from '../output/clean-text.ts';
import { table } from '../output/columns.ts';
import { timeText } from '../output/time-text.ts';

const orNull = (ms: number | null): string | null => (ms === null ? null : timeText(ms));

const occurrenceJson = ({ dueAtMs, atMs, outcome, isManual, times, runId, fault }: Occurrence) => ({
  due_utc: timeText(dueAtMs),
  at_utc: timeText(atMs),
  outcome,
  by_hand: isManual,
  times,
  run_id: runId,
  fault: fault === null ? null : { code: fault.code, message: fault.message },
});

/** The schedule as scripts see it. */
export const scheduleJson = (schedule: Schedule) => ({
  schedule_id: schedule.scheduleId,
  name: schedule.name,
  person: schedule.person,
  agent: schedule.order.agent,
  action: schedule.order.action,
  inputs: schedule.order.inputs,
  target: schedule.order.target,
  at_utc: schedule.timing.kind === 'once' ? timeText(schedule.timing.atMs) : null,
  cron: schedule.timing.kind === 'cron' ? schedule.timing.cron : null,
  time_zone: schedule.timing.kind === 'cron' ? schedule.timing.timeZone : null,
  expires_utc: orNull(schedule.expiresAtMs),
  late_within_s: schedule.missed.kind === 'late' ? schedule.missed.withinMs / 1000 : null,
  overlap: schedule.overlap,
  paused: schedule.isPaused,
  next_utc: schedule.upcoming.map(timeText),
  last: schedule.last === null ? null : occurrenceJson(schedule.last),
});

const whenText = ({ timing }: Schedule): string =>
  timing.kind === 'once' ? 'once' : `${timing.cron} (${timing.timeZone})`;

const lastText = ({ last }: Schedule): string =>
  last === null ? '-' : `${last.outcome} ${timeText(last.atMs)}${last.times > 1 ? ` (${last.times} times)` : ''}`;

/** One line for each schedule, those that run next first. */
export function scheduleTable(schedules: readonly Schedule[]): string {
  const rows = schedules.map((schedule) =>
    [
      schedule.scheduleId.slice(0, 8),
      schedule.name,
      `${schedule.order.agent} ${schedule.order.action}`,
      whenText(schedule),
      schedule.isPaused ? 'paused' : (orNull(schedule.nextAtMs) ?? 'never again'),
      lastText(schedule),
    ].map(cleanLine),
  );
  return `${table(['Id', 'Name', 'Action', 'When', 'Next', 'Last'], rows).join('\n')}\n`;
}
