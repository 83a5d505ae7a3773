import type { EngineHandlers, Occurrence, Schedule, ScheduleDraft } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';

type ScheduleHandlers = Pick<EngineHandlers, Extract<keyof EngineHandlers, `schedules.${string}`>>;

const soon = <T>(value: T): Promise<T> => Promise.resolve(value);
const hourMs = 3_600_000;

/** Schedules that run every hour, whatever their cron expression says; "nonsense" is none. */
export class FakeSchedules {
  revision = 1;
  schedules: Schedule[] = [];
  occurrences: Occurrence[] = [];
  readonly #nowMs: () => number;
  readonly #changed: () => void;

  constructor(nowMs: () => number, changed: () => void) {
    this.#nowMs = nowMs;
    this.#changed = changed;
  }

  handlers(): ScheduleHandlers {
    return {
      'schedules.list': () => soon(ok({ schedules: [...this.schedules] })),
      'schedules.save': ({ scheduleId, draft }) => soon(this.#save(scheduleId, draft)),
      'schedules.remove': ({ scheduleId }) => {
        this.schedules = this.schedules.filter((one) => one.scheduleId !== scheduleId);
        return soon(this.#told(ok({})));
      },
      'schedules.pause': ({ scheduleId, isPaused }) => soon(this.#change(scheduleId, { isPaused })),
      'schedules.run': ({ scheduleId }) => {
        const runId = 'd'.repeat(32);
        const atMs = this.#nowMs();
        const last = { dueAtMs: atMs, atMs, outcome: 'started', isManual: true, times: 1, runId, fault: null } as const;
        this.occurrences = [last, ...this.occurrences];
        const changed = this.#change(scheduleId, { last });
        return soon(changed.ok ? ok({ runId }) : changed);
      },
      'schedules.occurrences': ({ offset, limit }) =>
        soon(ok({ total: this.occurrences.length, occurrences: this.occurrences.slice(offset, offset + limit) })),
      'schedules.preview': ({ timing }) => soon(this.#times(timing)),
    };
  }

  #times(timing: ScheduleDraft['timing']): Result<{ upcoming: number[] }> {
    if (timing.kind === 'once') return ok({ upcoming: [timing.atMs] });
    if (timing.cron === 'nonsense') return fail('schedule.invalid', 'That is no cron expression');
    return ok({ upcoming: [1, 2, 3, 4, 5].map((hours) => this.#nowMs() + hours * hourMs) });
  }

  #save(scheduleId: string | undefined, draft: ScheduleDraft): Result<Schedule> {
    const times = this.#times(draft.timing);
    if (!times.ok) return times;
    const { upcoming } = times.value;
    const fresh = { person: 'ada', createdAtMs: this.#nowMs(), isPaused: false, last: null };
    const known = this.schedules.find((one) => one.scheduleId === scheduleId);
    const id = scheduleId ?? this.schedules.length.toString(16).padStart(32, 'e');
    const schedule = { ...fresh, ...known, ...draft, scheduleId: id, nextAtMs: upcoming[0] ?? null, upcoming };
    this.schedules = [...this.schedules.filter((one) => one.scheduleId !== id), schedule];
    return this.#told(ok(schedule));
  }

  #change(scheduleId: string, parts: Partial<Schedule>): Result<Schedule> {
    const known = this.schedules.find((one) => one.scheduleId === scheduleId);
    if (known === undefined) return fail('schedule.unknown', 'There is no such schedule');
    const changed = { ...known, ...parts };
    this.schedules = this.schedules.map((one) => (one.scheduleId === scheduleId ? changed : one));
    return this.#told(ok(changed));
  }

  #told<T>(result: T): T {
    this.revision++;
    this.#changed();
    return result;
  }
}
