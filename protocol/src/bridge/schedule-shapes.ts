import { z } from 'zod';
import { faultShape, idShape, runOrderShape, sliceShape } from './shapes.ts';

/* Runs that are started by the clock. */

const scheduleId = idShape;
const timeMs = z.number();
const count = z.int().nonnegative();

/** The longest that a missed occurrence may be made up for, in milliseconds: a week. */
export const latestMs = 7 * 86_400_000;

/** How many times to come are told. */
export const upcomingShown = 5;

/** When something runs: at one moment, or by a cron expression in a time zone of the IANA's list, such as `Europe/Berlin`. */
export const scheduleTimingShape = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('once'), atMs: timeMs }),
  z.object({ kind: z.literal('cron'), cron: z.string().trim().min(1).max(200), timeZone: z.string().min(1).max(64) }),
]);
export type ScheduleTiming = z.infer<typeof scheduleTimingShape>;

/** What becomes of an occurrence when no console was there to start it: nothing, or one run that is late by `withinMs` at most. */
export const missedPolicyShape = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('skip') }),
  z.object({ kind: z.literal('late'), withinMs: z.int().positive().max(latestMs) }),
]);
export type MissedPolicy = z.infer<typeof missedPolicyShape>;

export const scheduleDraftShape = z.object({
  name: z.string().trim().min(1).max(100),
  timing: scheduleTimingShape,
  /** Nothing runs after this; null for no end. */
  expiresAtMs: timeMs.nullable(),
  missed: missedPolicyShape,
  /** What becomes of an occurrence while the run of the one before goes on: it is skipped, or starts beside it. */
  overlap: z.enum(['skip', 'start']),
  /** Without `untilMs`, which is a moment and not a period, and without sensitive inputs. */
  order: runOrderShape.omit({ untilMs: true }),
});
export type ScheduleDraft = z.infer<typeof scheduleDraftShape>;

/**
 * What became of an occurrence: a run was started; nobody was there in time; the run before went on still; the run was refused. `starting` is
 * one that a console has taken and not told of yet.
 */
export const occurrenceOutcomes = ['starting', 'started', 'missed', 'overlapped', 'refused'] as const;
export type OccurrenceOutcome = (typeof occurrenceOutcomes)[number];

export const occurrenceShape = z.object({
  dueAtMs: timeMs,
  /** When that came to be. */
  atMs: timeMs,
  outcome: z.enum(occurrenceOutcomes),
  /** A person started it, out of turn. */
  isManual: z.boolean(),
  /** How many there were: occurrences that were missed one after the other are told as one, by the last of them. */
  times: count,
  runId: z.string().nullable(),
  fault: faultShape.nullable(),
});
export type Occurrence = z.infer<typeof occurrenceShape>;

export const scheduleShape = scheduleDraftShape.extend({
  scheduleId: z.string(),
  person: z.string(),
  createdAtMs: timeMs,
  isPaused: z.boolean(),
  /** When it runs next; null when it never does any more. While it is paused, when it would. */
  nextAtMs: timeMs.nullable(),
  /** The next times, the first included. */
  upcoming: z.array(timeMs).max(upcomingShown),
  /** What became of it last; null before the first time. */
  last: occurrenceShape.nullable(),
});
export type Schedule = z.infer<typeof scheduleShape>;

export const scheduleEndpoints = {
  /** All of them, those that run next first. */
  'schedules.list': { params: z.object({}), result: z.object({ schedules: z.array(scheduleShape) }) },
  /**
   * Keeps a new schedule, or changes the one that is named. Faults: `schedule.invalid` (time, cron expression, time zone), `schedule.secret`,
   * `schedule.unknown`, those of `runs.start` for what is wrong with the order.
   */
  'schedules.save': {
    params: z.object({ scheduleId: scheduleId.optional(), draft: scheduleDraftShape }),
    result: scheduleShape,
  },
  /** Runs that go on are left alone. Faults of these: `schedule.unknown`. */
  'schedules.remove': { params: z.object({ scheduleId }), result: z.object({}) },
  /** While it is paused nothing starts, and nothing is made up for afterwards. */
  'schedules.pause': { params: z.object({ scheduleId, isPaused: z.boolean() }), result: scheduleShape },
  /** Starts a run now; the next times stay as they are. Faults: those of `runs.start` besides. */
  'schedules.run': { params: z.object({ scheduleId }), result: z.object({ runId: z.string() }) },
  /** What became of a schedule, the newest first. */
  'schedules.occurrences': {
    params: z.object({ scheduleId, ...sliceShape }),
    result: z.object({ total: count, occurrences: z.array(occurrenceShape) }),
  },
  /** The next times of what is being typed. Faults: `schedule.invalid`. */
  'schedules.preview': {
    params: z.object({ timing: scheduleTimingShape, expiresAtMs: timeMs.nullable() }),
    result: z.object({ upcoming: z.array(timeMs).max(upcomingShown) }),
  },
} as const;

export const scheduleStreams = {
  /** Grows whenever schedules or their occurrences change, by whatever process. */
  'schedules.changes': { params: z.object({}), item: z.object({ revision: z.int() }) },
} as const;
