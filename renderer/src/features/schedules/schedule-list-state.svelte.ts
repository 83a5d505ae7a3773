import type { BridgeClient, Occurrence, Schedule } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';

/** How many of the last times are shown. */
const occurrencesShown = 50;

/** Schedules as they are now, and what became of one of them. */
export class ScheduleListState {
  #schedules = $state.raw<readonly Schedule[] | null>(null);
  #opened = $state.raw<string | null>(null);
  #occurrences = $state.raw<readonly Occurrence[] | null>(null);
  #fault = $state.raw<Fault | null>(null);
  readonly #bridge: BridgeClient;
  readonly #stopFollowing: () => void;

  constructor(bridge: BridgeClient) {
    this.#bridge = bridge;
    this.#stopFollowing = bridge.follow(
      'schedules.changes',
      {},
      () => void this.read(),
      (fault) => (this.#fault = fault),
    );
  }

  /** Those that run next first; null until they are here. */
  get schedules(): readonly Schedule[] | null {
    return this.#schedules;
  }
  /** The schedule whose last times are shown. */
  get opened(): Schedule | null {
    return this.#schedules?.find(({ scheduleId }) => scheduleId === this.#opened) ?? null;
  }
  /** What became of its times, the newest first; null until they are here. */
  get occurrences(): readonly Occurrence[] | null {
    return this.#occurrences;
  }
  get fault(): Fault | null {
    return this.#fault;
  }

  open(scheduleId: string | null): void {
    if (scheduleId !== this.#opened) this.#occurrences = null;
    this.#opened = scheduleId;
    void this.#readOccurrences();
  }

  async read(): Promise<void> {
    const answer = await this.#bridge.call('schedules.list', {});
    if (answer.ok) this.#schedules = answer.value.schedules;
    this.#fault = answer.ok ? null : answer.error;
    await this.#readOccurrences();
  }

  async pause({ scheduleId, isPaused }: Schedule): Promise<void> {
    this.#take(await this.#bridge.call('schedules.pause', { scheduleId, isPaused: !isPaused }));
    await this.read();
  }

  async remove({ scheduleId }: Schedule): Promise<void> {
    if (this.#opened === scheduleId) this.open(null);
    this.#take(await this.#bridge.call('schedules.remove', { scheduleId }));
    await this.read();
  }

  /** Starts a run now; gives it, or null when it was refused (see {@link fault}). */
  async run({ scheduleId }: Schedule): Promise<string | null> {
    const started = await this.#bridge.call('schedules.run', { scheduleId });
    this.#take(started);
    return started.ok ? started.value.runId : null;
  }

  dispose(): void {
    this.#stopFollowing();
  }

  #take(answer: { readonly ok: true } | { readonly ok: false; readonly error: Fault }): void {
    this.#fault = answer.ok ? null : answer.error;
  }

  async #readOccurrences(): Promise<void> {
    const scheduleId = this.#opened;
    if (scheduleId === null) return;
    const answer = await this.#bridge.call('schedules.occurrences', { scheduleId, offset: 0, limit: occurrencesShown });
    if (answer.ok && scheduleId === this.#opened) this.#occurrences = answer.value.occurrences;
  }
}
