import {
  upcomingShown,
  type EndpointParams,
  type EndpointResult,
  type Schedule,
  type ScheduleDraft,
} from '@muster/protocol/bridge';
import { fail, ok, type Fault, type Result } from '@muster/protocol/errors';
import { callerOf } from '@muster/protocol/identity';
import { randomId } from '@muster/runtime/crypto';
import type { ConsoleAudit } from '../audit/index.ts';
import type { ConsoleConfiguration } from '../configuration/index.ts';
import type { Effects } from '../effects.ts';
import type { Stop } from '../engine/engine.ts';
import type { StartedRun } from '../engine/parts/runs.ts';
import { createNumberNews } from '../revision-news.ts';
import type { RunsKeeper } from '../runs/index.ts';
import type { ConsoleBook, RunReader, ScheduleStore, StoredSchedule } from '../storage/index.ts';
import { decide } from './decide.ts';
import { readTiming, timeAfter, timesAfter } from './timing.ts';

/** Runs that are started by the clock. Errors of all: `storage.*`. */
export interface Schedules {
  list(): Promise<Result<readonly Schedule[]>>;
  /**
   * Keeps a schedule, or changes the one of that id. Errors: `schedule.invalid`, `schedule.secret`, `schedule.unknown`, `console.read_only`, those of
   * {@link Runs.start} for what is wrong with the order.
   */
  save(draft: ScheduleDraft, scheduleId?: string): Promise<Result<Schedule>>;
  /** Errors of these: `schedule.unknown`. */
  remove(scheduleId: string): Promise<Result<void>>;
  /** Nothing that is due while it is paused is made up for. */
  pause(scheduleId: string, isPaused: boolean): Promise<Result<Schedule>>;
  /** Starts a run now, beside its times. Errors: those of {@link Runs.start} besides. */
  run(scheduleId: string): Promise<Result<StartedRun>>;
  occurrences(
    params: EndpointParams<'schedules.occurrences'>,
  ): Promise<Result<EndpointResult<'schedules.occurrences'>>>;
  /** The next times of a draft. Errors: `schedule.invalid`. */
  preview(draft: Pick<ScheduleDraft, 'timing' | 'expiresAtMs'>): Result<readonly number[]>;
  revision(): Promise<Result<number>>;
  /** Calls `listener` when schedules or what became of them have changed, by whatever process. */
  onChange(listener: (revision: number) => void): Stop;
}

/** Schedules, and what only the engine itself does with them. */
export interface SchedulesKeeper extends Schedules {
  /** Starts what is due, from now on. */
  serve(): void;
  /** While it rests nothing starts; what was due meanwhile counts as missed, or is made up for. */
  rest(isResting: boolean): void;
  /** Tells listeners of what other processes changed. */
  lookForChanges(): Promise<void>;
  /** Starts nothing any more, and resolves when all that was begun is stored. */
  close(): Promise<void>;
}

/** How often it is looked for what is due, even when nothing seems to be: another process may have changed it. In milliseconds. */
const lookMs = 15_000;

/** How soon it is looked again for what came due meanwhile, in milliseconds. */
const againMs = 250;

const interrupted: Fault = {
  code: 'run.interrupted',
  message: 'The console that had taken it ended before it could start the run',
};

export function createSchedules(options: {
  readonly configuration: Pick<ConsoleConfiguration, 'person'>;
  readonly consoleId: string;
  readonly effects: Pick<Effects, 'bus' | 'clock' | 'randomBytes' | 'startTimer' | 'logger'>;
  readonly audit: Pick<ConsoleAudit, 'note'>;
  readonly storage: ScheduleStore & Pick<RunReader, 'getRun'> & Pick<ConsoleBook, 'beat'>;
  readonly runs: Pick<RunsKeeper, 'start' | 'check'>;
}): SchedulesKeeper {
  const { configuration, consoleId, effects, audit, storage, runs } = options;
  const { bus, clock, logger, startTimer } = effects;
  const changes = createNumberNews(() => storage.scheduleRevision());
  let isServing = false;
  let isResting = false;
  let isClosed = false;
  let stopTimer: Stop = () => undefined;
  let work: Promise<void> = Promise.resolve();

  function warn({ code, message }: Fault): void {
    logger.warn({ code }, message);
  }

  const shown = (stored: StoredSchedule): Schedule => ({
    ...stored,
    upcoming: stored.nextAtMs === null ? [] : [...timesAfter(stored, stored.nextAtMs - 1, upcomingShown)],
  });
  async function get(scheduleId: string): Promise<Result<Schedule>> {
    const stored = await storage.getSchedule(scheduleId);
    return stored.ok ? ok(shown(stored.value)) : stored;
  }

  const note = ({ scheduleId, name }: Pick<Schedule, 'scheduleId' | 'name'>, did: string, more: object = {}) =>
    audit.note('schedule', { scheduleId, name, did, caller: callerOf(configuration.person), ...more });

  /** Whether the run that it started last goes on still. */
  async function isBusy({ last }: StoredSchedule): Promise<boolean> {
    const runId = last?.runId ?? null;
    if (runId === null) return last?.outcome === 'starting';
    const run = await storage.getRun(runId);
    return run.ok && run.value.finishedAtMs === null;
  }

  /** Starts the run of an occurrence that this console has taken, and stores what became of it. */
  async function begin(schedule: StoredSchedule, occurrenceId: number): Promise<Result<StartedRun>> {
    const started = await runs.start(schedule.order);
    const settled = await storage.settleOccurrence(
      occurrenceId,
      started.ok
        ? { outcome: 'started', runId: started.value.runId, fault: null }
        : { outcome: 'refused', runId: null, fault: started.error },
    );
    if (!settled.ok) warn(settled.error);
    await note(schedule, started.ok ? 'start' : 'refuse', {
      ...(started.ok ? { requestId: started.value.runId } : { code: started.error.code }),
    });
    return started;
  }

  async function serveOne(schedule: StoredSchedule): Promise<void> {
    if (schedule.nextAtMs === null || schedule.isPaused || schedule.nextAtMs > clock()) return;
    const decision = decide(schedule, clock(), await isBusy(schedule));
    if (decision === null) return;
    const { expectedMs, nextAtMs, occurrences, starts } = decision;
    const taken = await storage.takeOccurrences(schedule.scheduleId, { expectedMs, nextAtMs }, occurrences, consoleId);
    if (!taken.ok) {
      warn(taken.error);
      return;
    }
    if (taken.value === null) return;
    for (const { outcome, dueAtMs, times } of occurrences) {
      if (outcome !== 'starting') await note(schedule, outcome, { dueAtMs, times });
    }
    if (starts) await begin(schedule, taken.value);
  }

  const canServe = () => isServing && !isResting && !isClosed && bus.state.status === 'up';

  /** Without a broker nothing is taken: when it is back in time, the run is on time. */
  async function look(): Promise<void> {
    if (!canServe()) return;
    // Who takes something has to be known first, so that others see when it dies.
    const beat = await storage.beat(consoleId, clock());
    const lost = beat.ok ? await storage.settleLostOccurrences(interrupted) : beat;
    const listed = lost.ok ? await storage.listSchedules() : lost;
    if (!listed.ok) {
      warn(listed.error);
      return;
    }
    for (const schedule of listed.value) if (canServe()) await serveOne(schedule);
    await changes.look();
  }

  async function untilNextMs(): Promise<number> {
    const listed = await storage.listSchedules();
    const times = (listed.ok ? listed.value : []).flatMap(({ nextAtMs, isPaused }) =>
      nextAtMs === null || isPaused ? [] : [nextAtMs - clock()],
    );
    // What came due while it was looked is looked at soon, unless nothing can be started now.
    return Math.min(lookMs, ...times.map((ms) => (ms > 0 ? ms : canServe() ? againMs : lookMs)));
  }

  function lookSoon(): void {
    stopTimer();
    work = work
      .then(look)
      .catch((thrown: unknown) => logger.error({ err: thrown }, 'schedules cannot be looked at'))
      .then(async () => {
        const afterMs = await untilNextMs();
        if (!isClosed && isServing) stopTimer = startTimer(afterMs, lookSoon);
      });
  }

  const stopWatchingBus = bus.onState(({ status }) => {
    if (status === 'up' && isServing && !isClosed) lookSoon();
  });

  /** After a change that was made here. */
  async function changed<T>(value: T): Promise<Result<T>> {
    await changes.look();
    if (isServing && !isClosed) lookSoon();
    return ok(value);
  }

  return {
    async list() {
      const listed = await storage.listSchedules();
      return listed.ok ? ok(listed.value.map(shown)) : listed;
    },
    async save(draft, scheduleId) {
      const nowMs = clock();
      const times = readTiming(draft, nowMs);
      if (!times.ok) return times;
      const fits = await runs.check(draft.order);
      if (!fits.ok) return fits;
      // They would lie in the database until it runs.
      if (fits.value.hasSecrets)
        return fail('schedule.secret', 'The order has sensitive inputs, which are kept nowhere');
      const id = scheduleId ?? randomId(effects.randomBytes);
      const written = await note({ scheduleId: id, name: draft.name }, scheduleId === undefined ? 'add' : 'change');
      if (!written.ok) return written;
      const nextAtMs = times.value[0] ?? null;
      const saved =
        scheduleId === undefined
          ? await storage.insertSchedule({
              ...draft,
              scheduleId: id,
              person: configuration.person,
              createdAtMs: nowMs,
              nextAtMs,
            })
          : await storage.updateSchedule(id, draft, nextAtMs);
      if (!saved.ok) return saved;
      await changed(undefined);
      return get(id);
    },
    async remove(scheduleId) {
      const known = await storage.getSchedule(scheduleId);
      if (!known.ok) return known;
      const removed = await storage.removeSchedule(scheduleId);
      if (!removed.ok) return removed;
      await note(known.value, 'remove');
      return changed(undefined);
    },
    async pause(scheduleId, isPaused) {
      const known = await storage.getSchedule(scheduleId);
      if (!known.ok) return known;
      // What was due during the pause is not made up for.
      const nextAtMs = isPaused ? known.value.nextAtMs : timeAfter(known.value, clock());
      const paused = await storage.pauseSchedule(scheduleId, isPaused, nextAtMs);
      if (!paused.ok) return paused;
      await note(known.value, isPaused ? 'pause' : 'resume');
      await changed(undefined);
      return get(scheduleId);
    },
    async run(scheduleId) {
      const known = await storage.getSchedule(scheduleId);
      if (!known.ok) return known;
      const beat = await storage.beat(consoleId, clock());
      if (!beat.ok) return beat;
      const nowMs = clock();
      const noted = await storage.noteOccurrence(
        scheduleId,
        { dueAtMs: nowMs, atMs: nowMs, outcome: 'starting', isManual: true, times: 1 },
        consoleId,
      );
      if (!noted.ok) return noted;
      const started = await begin(known.value, noted.value);
      await changes.look();
      return started;
    },
    occurrences: (params) => storage.listOccurrences(params),
    preview: (draft) => readTiming(draft, clock()),
    revision: () => storage.scheduleRevision(),
    onChange: (listener) => changes.onChange(listener),
    serve() {
      if (isServing) return;
      isServing = true;
      lookSoon();
    },
    rest(wanted) {
      isResting = wanted;
      if (!wanted && isServing && !isClosed) lookSoon();
    },
    lookForChanges: () => changes.look(),
    async close() {
      isClosed = true;
      stopTimer();
      stopWatchingBus();
      await work;
    },
  };
}
