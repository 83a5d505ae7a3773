import type { EndpointParams, EndpointResult, Occurrence, Schedule, ScheduleDraft } from '@muster/protocol/bridge';
import type { Fault, Result } from '@muster/protocol/errors';

/* Runs that start by themselves. */

/** A schedule as it is kept; the times to come follow from it. */
export type StoredSchedule = Omit<Schedule, 'upcoming'>;

/** An occurrence that was taken; what becomes of one that is `starting` is told by its {@link OccurrenceEnd}. */
export type TakenOccurrence = Omit<Occurrence, 'runId' | 'fault'>;
export type OccurrenceEnd = Pick<Occurrence, 'outcome' | 'runId' | 'fault'>;

export interface ScheduleStore {
  /** Those that run next first. */
  listSchedules(): Promise<Result<StoredSchedule[]>>;
  /** Errors of these: `schedule.unknown`. */
  getSchedule(scheduleId: string): Promise<Result<StoredSchedule>>;
  insertSchedule(schedule: Omit<StoredSchedule, 'last' | 'isPaused'>): Promise<Result<void>>;
  updateSchedule(scheduleId: string, draft: ScheduleDraft, nextAtMs: number | null): Promise<Result<void>>;
  removeSchedule(scheduleId: string): Promise<Result<void>>;
  pauseSchedule(scheduleId: string, isPaused: boolean, nextAtMs: number | null): Promise<Result<void>>;
  /**
   * Takes what is due for this console, in one transaction: only if the next time is still the one that was read, and the schedule is not
   * paused. Gives the number of the last occurrence; null when another process was faster.
   */
  takeOccurrences(
    scheduleId: string,
    times: { readonly expectedMs: number; readonly nextAtMs: number | null },
    occurrences: readonly TakenOccurrence[],
    consoleId: string,
  ): Promise<Result<number | null>>;
  /** Notes one that a person began; gives its number. */
  noteOccurrence(scheduleId: string, occurrence: TakenOccurrence, consoleId: string): Promise<Result<number>>;
  settleOccurrence(occurrenceId: number, end: OccurrenceEnd): Promise<Result<void>>;
  /** Gives those up whose console died before it told what became of them; how many there were. */
  settleLostOccurrences(end: Fault): Promise<Result<number>>;
  listOccurrences(
    params: EndpointParams<'schedules.occurrences'>,
  ): Promise<Result<EndpointResult<'schedules.occurrences'>>>;
  /** Grows with each change, also of other processes. */
  scheduleRevision(): Promise<Result<number>>;
}
