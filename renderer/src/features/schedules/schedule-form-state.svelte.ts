import { latestMs, type BridgeClient, type Schedule, type ScheduleDraft } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';
import type { Clock } from '../../ui/clock.ts';
import { coalesce, type Coalesced } from '../../ui/coalesce.ts';
import { readDuration } from '../rollout/typed-values.ts';

/** How long typing rests before the next times are asked for, in milliseconds. */
const restMs = 250;
const minuteMs = 60_000;

/** What is typed into the form. */
export interface ScheduleFields {
  readonly name: string;
  readonly kind: 'once' | 'cron';
  /** As `datetime-local` has it, by the clock of this machine. */
  readonly at: string;
  readonly cron: string;
  readonly timeZone: string;
  readonly ends: boolean;
  readonly endsAt: string;
  readonly isLate: boolean;
  readonly late: string;
  readonly overlaps: boolean;
}
export type ScheduleFault = 'name' | 'at' | 'late' | 'endsAt';

/** A time as `datetime-local` has it. */
export function localText(timeMs: number): string {
  const time = new Date(timeMs - new Date(timeMs).getTimezoneOffset() * minuteMs);
  return time.toISOString().slice(0, 16);
}

const timeOf = (text: string): number | null => {
  const timeMs = new Date(text).getTime();
  return text === '' || Number.isNaN(timeMs) ? null : timeMs;
};

const ownTimeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** A new schedule of an order, or one that is changed. */
export class ScheduleFormState {
  /** Those of the browser, which leaves out UTC. */
  readonly timeZones: readonly string[] = [
    ...new Set([...Intl.supportedValuesOf('timeZone'), 'UTC', ownTimeZone]),
  ].sort();
  #fields = $state.raw<ScheduleFields>();
  #upcoming = $state.raw<readonly number[]>([]);
  #fault = $state.raw<Fault | null>(null);
  #isSaving = $state(false);
  #question = 0;
  readonly #bridge: BridgeClient;
  readonly #clock: Clock;
  readonly #order: ScheduleDraft['order'];
  readonly #scheduleId: string | undefined;
  readonly #rest: Coalesced;

  constructor(
    bridge: BridgeClient,
    clock: Clock,
    about: { readonly order: ScheduleDraft['order']; readonly name: string; readonly schedule?: Schedule },
  ) {
    this.#bridge = bridge;
    this.#clock = clock;
    this.#order = about.order;
    this.#scheduleId = about.schedule?.scheduleId;
    this.#fields = about.schedule === undefined ? this.#plain(about.name) : fieldsOf(about.schedule, this.#plain(''));
    this.#rest = coalesce(clock, restMs, () => void this.#preview());
    void this.#preview();
  }

  get fields(): ScheduleFields {
    return this.#fields ?? this.#plain('');
  }
  /** The next times of what is typed; empty while there are none. */
  get upcoming(): readonly number[] {
    return this.#upcoming;
  }
  /** Why there are no such times, or it was not saved. */
  get fault(): Fault | null {
    return this.#fault;
  }
  get isSaving(): boolean {
    return this.#isSaving;
  }
  /** What is wrong with single fields. */
  get faults(): ReadonlySet<ScheduleFault> {
    const { name, kind, at, ends, endsAt, isLate, late } = this.fields;
    const nowMs = this.#clock.now();
    const isOver = (text: string) => (timeOf(text) ?? 0) <= nowMs;
    const lateMs = readDuration(late) ?? 0;
    return new Set<ScheduleFault>([
      ...(name.trim() === '' ? (['name'] as const) : []),
      ...(kind === 'once' && isOver(at) ? (['at'] as const) : []),
      ...(ends && isOver(endsAt) ? (['endsAt'] as const) : []),
      ...(isLate && (lateMs <= 0 || lateMs > latestMs) ? (['late'] as const) : []),
    ]);
  }
  get canSave(): boolean {
    return this.faults.size === 0 && this.#upcoming.length > 0 && !this.#isSaving;
  }

  change(parts: Partial<ScheduleFields>): void {
    this.#fields = { ...this.fields, ...parts };
    this.#rest.note();
  }

  /** Keeps the schedule; whether that worked, else see {@link fault}. */
  async save(): Promise<boolean> {
    if (this.#isSaving || this.faults.size > 0) return false;
    this.#isSaving = true;
    const { name, isLate, late, overlaps } = this.fields;
    const answer = await this.#bridge.call('schedules.save', {
      ...(this.#scheduleId === undefined ? {} : { scheduleId: this.#scheduleId }),
      draft: {
        name: name.trim(),
        ...this.#times(),
        missed: isLate ? { kind: 'late', withinMs: readDuration(late) ?? minuteMs } : { kind: 'skip' },
        overlap: overlaps ? 'start' : 'skip',
        order: this.#order,
      },
    });
    this.#isSaving = false;
    this.#fault = answer.ok ? null : answer.error;
    return answer.ok;
  }

  dispose(): void {
    this.#question++;
    this.#rest.stop();
  }

  #plain(name: string): ScheduleFields {
    return {
      name,
      kind: 'cron',
      at: localText(this.#clock.now() + 60 * minuteMs),
      cron: '0 3 * * *',
      timeZone: ownTimeZone,
      ends: false,
      endsAt: localText(this.#clock.now() + 30 * 24 * 60 * minuteMs),
      isLate: false,
      late: '1 h',
      overlaps: false,
    };
  }

  #times(): Pick<ScheduleDraft, 'timing' | 'expiresAtMs'> {
    const { kind, at, cron, timeZone, ends, endsAt } = this.fields;
    return {
      timing: kind === 'once' ? { kind, atMs: timeOf(at) ?? 0 } : { kind, cron: cron.trim(), timeZone },
      expiresAtMs: ends ? timeOf(endsAt) : null,
    };
  }

  async #preview(): Promise<void> {
    const question = ++this.#question;
    const times = this.#times();
    // An empty expression is refused by the contract itself.
    if (times.timing.kind === 'cron' && times.timing.cron === '') {
      this.#upcoming = [];
      return;
    }
    const answer = await this.#bridge.call('schedules.preview', times);
    if (question !== this.#question) return;
    this.#upcoming = answer.ok ? answer.value.upcoming : [];
    this.#fault = answer.ok ? null : answer.error;
  }
}

const fieldsOf = (schedule: Schedule, plain: ScheduleFields): ScheduleFields => {
  const { name, timing, expiresAtMs, missed, overlap } = schedule;
  return {
    ...plain,
    name,
    kind: timing.kind,
    ...(timing.kind === 'once' ? { at: localText(timing.atMs) } : { cron: timing.cron, timeZone: timing.timeZone }),
    ends: expiresAtMs !== null,
    ...(expiresAtMs === null ? {} : { endsAt: localText(expiresAtMs) }),
    isLate: missed.kind === 'late',
    ...(missed.kind === 'late' ? { late: `${String(Math.round(missed.withinMs / minuteMs))} min` } : {}),
    overlaps: overlap === 'start',
  };
};
