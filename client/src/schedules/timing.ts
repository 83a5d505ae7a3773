import { upcomingShown, type ScheduleDraft } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { Cron } from 'croner';

type Timing = Pick<ScheduleDraft, 'timing' | 'expiresAtMs'>;

/** So many times that nobody started are counted one by one; more of them count as so many. */
const countedTimes = 1000;

const minuteMs = 60_000;

/** Throws for what is no cron expression of five parts, or no time zone. */
const cronOf = ({ cron, timeZone }: { readonly cron: string; readonly timeZone: string }): Cron =>
  new Cron(cron, { timezone: timeZone, mode: '5-part', paused: true });

const isBefore = (timeMs: number, { expiresAtMs }: Timing): boolean => expiresAtMs === null || timeMs <= expiresAtMs;

/** The next times after a moment, the end of the schedule included; `count` of them at most. */
export function timesAfter(schedule: Timing, afterMs: number, count: number): readonly number[] {
  const { timing } = schedule;
  const times =
    timing.kind === 'once'
      ? [timing.atMs].filter((atMs) => atMs > afterMs)
      : cronOf(timing)
          .nextRuns(count, new Date(afterMs))
          .map((time) => time.getTime());
  return times.filter((timeMs) => isBefore(timeMs, schedule));
}

/** The first time after a moment; null when there is none. */
export const timeAfter = (schedule: Timing, afterMs: number): number | null =>
  timesAfter(schedule, afterMs, 1)[0] ?? null;

/** The times from a due one to now, both included: the last of them, and how many there are, {@link countedTimes} at most. */
export function timesDue(
  schedule: Timing,
  dueAtMs: number,
  nowMs: number,
): { readonly lastMs: number; readonly count: number } {
  const { timing, expiresAtMs } = schedule;
  if (timing.kind === 'once') return { lastMs: dueAtMs, count: 1 };
  const cron = cronOf(timing);
  const endMs = Math.min(nowMs, expiresAtMs ?? nowMs);
  // What comes at the end itself is among those before the next millisecond.
  const [last] = cron.previousRuns(1, new Date(endMs + 1));
  let count = 1;
  for (
    let next = cron.nextRun(new Date(dueAtMs));
    next !== null && next.getTime() <= endMs && count < countedTimes;
    next = cron.nextRun(next)
  )
    count++;
  return { lastMs: Math.max(dueAtMs, last?.getTime() ?? dueAtMs), count };
}

/**
 * The times to come of a draft, {@link upcomingShown} at most. Errors: `schedule.invalid` for what is no cron expression or time zone, and where there is
 * no time to come.
 */
export function readTiming(schedule: Timing, nowMs: number): Result<readonly number[]> {
  try {
    const upcoming = timesAfter(schedule, nowMs, upcomingShown);
    if (upcoming.length > 0) return ok(upcoming);
  } catch (thrown) {
    return fail('schedule.invalid', thrown instanceof Error ? thrown.message : String(thrown), {
      mend: 'A cron expression has five parts: minute, hour, day, month, day of the week. Time zones are named as Europe/Berlin.',
    });
  }
  const { timing, expiresAtMs } = schedule;
  const isOver = timing.kind === 'once' && timing.atMs <= nowMs;
  return fail('schedule.invalid', isOver ? 'That moment is over' : 'There is no such time', {
    ...(expiresAtMs === null ? {} : { mend: 'The schedule ends before its first time.' }),
  });
}

/** How late a run may start and still be on time, in milliseconds. */
export const onTimeMs = minuteMs;
