import type { Occurrence } from '@muster/protocol/bridge';
import type { StoredSchedule, TakenOccurrence } from '../storage/index.ts';
import { onTimeMs, timeAfter, timesDue } from './timing.ts';

/** What has to become of a schedule whose time has come. */
export interface Decision {
  /** The time that this is about: whoever still finds it in the database may act. */
  readonly expectedMs: number;
  readonly nextAtMs: number | null;
  /** What there is to note, in order; the last is `starting` when a run starts. */
  readonly occurrences: readonly TakenOccurrence[];
  readonly starts: boolean;
}

/**
 * What is due of a schedule, and what becomes of it; null when nothing is due. Of many times that nobody started, at most the last is made up
 * for. `isBusy` says that the run before goes on still.
 */
export function decide(schedule: StoredSchedule, nowMs: number, isBusy: boolean): Decision | null {
  const { nextAtMs: expectedMs, isPaused, missed, expiresAtMs } = schedule;
  if (expectedMs === null || isPaused || expectedMs > nowMs) return null;
  const { lastMs, count } = timesDue(schedule, expectedMs, nowMs);
  const isOver = expiresAtMs !== null && nowMs > expiresAtMs + onTimeMs;
  const mayBeLateMs = missed.kind === 'late' ? Math.max(onTimeMs, missed.withinMs) : onTimeMs;
  const isMissed = isOver || nowMs - lastMs > mayBeLateMs;
  const occurrence = (outcome: Occurrence['outcome'], times: number): TakenOccurrence => ({
    dueAtMs: lastMs,
    atMs: nowMs,
    outcome,
    isManual: false,
    times,
  });
  const isHeld = isBusy && schedule.overlap === 'skip';
  return {
    expectedMs,
    nextAtMs: timeAfter(schedule, nowMs),
    occurrences: isMissed
      ? [occurrence('missed', count)]
      : [...(count > 1 ? [occurrence('missed', count - 1)] : []), occurrence(isHeld ? 'overlapped' : 'starting', 1)],
    starts: !isMissed && !isHeld,
  };
}
