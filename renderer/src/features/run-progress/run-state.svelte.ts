import type { BridgeClient, RunSummary } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';
import type { Clock } from '../../ui/clock.ts';
import { isFinal } from './run-course.ts';

/** One run as it goes on: its summary follows the engine, and the time goes by itself. */
export class RunState {
  #summary = $state.raw<RunSummary | null>(null);
  #fault = $state.raw<Fault | null>(null);
  #wishFault = $state.raw<Fault | null>(null);
  #nowMs = $state.raw(0);
  readonly #bridge: BridgeClient;
  readonly #runId: string;
  readonly #onNews: (run: RunSummary) => void;
  readonly #stops: (() => void)[];

  /** `onNews` is called with each summary, the first included. */
  constructor(bridge: BridgeClient, clock: Clock, runId: string, onNews: (run: RunSummary) => void) {
    this.#bridge = bridge;
    this.#runId = runId;
    this.#onNews = onNews;
    this.#nowMs = clock.now();
    const stopFollowing = bridge.follow(
      'runs.changes',
      { runId },
      (run) => this.#take(run),
      (fault) => (this.#fault = fault),
    );
    const stopTicking = clock.every(250, () => {
      if (this.#summary !== null && !isFinal(this.#summary)) this.#nowMs = clock.now();
    });
    this.#stops = [stopFollowing, stopTicking];
  }

  get summary(): RunSummary | null {
    return this.#summary;
  }
  get fault(): Fault | null {
    return this.#fault;
  }
  /** Why the last wish, to pause or to go on, was not granted. */
  get wishFault(): Fault | null {
    return this.#wishFault;
  }
  get isFinal(): boolean {
    return this.#summary !== null && isFinal(this.#summary);
  }
  /** Milliseconds since the run began, or until it ended. */
  get elapsedMs(): number {
    if (this.#summary === null) return 0;
    return Math.max(0, (this.#summary.finishedAtMs ?? this.#nowMs) - this.#summary.startedAtMs);
  }

  /** Says what is to become of it. */
  async wish(what: 'pause' | 'resume' | 'stop' | 'cancel'): Promise<void> {
    const answer = await this.#bridge.call(`runs.${what}`, { runId: this.#runId });
    this.#wishFault = answer.ok ? null : answer.error;
    if (answer.ok) this.#take(answer.value);
  }

  dispose(): void {
    for (const stop of this.#stops) stop();
  }

  #take(run: RunSummary): void {
    this.#summary = run;
    this.#fault = null;
    this.#onNews(run);
  }
}
