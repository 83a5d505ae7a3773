import type { BridgeClient, RunSummary } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';
import type { Clock } from '../../ui/clock.ts';

const finalStates: readonly RunSummary['state'][] = ['finished', 'stopped', 'cancelled', 'failed'];
const isFinal = (run: RunSummary): boolean => finalStates.includes(run.state);

/** One run as it goes on: its summary follows the engine, and the time goes by itself. */
export class RunState {
  #summary = $state.raw<RunSummary | null>(null);
  #fault = $state.raw<Fault | null>(null);
  #nowMs = $state.raw(0);
  readonly #stops: (() => void)[];

  /** `onNews` is called with each summary, the first included. */
  constructor(bridge: BridgeClient, clock: Clock, runId: string, onNews: (run: RunSummary) => void) {
    this.#nowMs = clock.now();
    const stopFollowing = bridge.follow(
      'runs.changes',
      { runId },
      (run) => {
        this.#summary = run;
        this.#fault = null;
        onNews(run);
      },
      (fault) => (this.#fault = fault),
    );
    const stopTicking = clock.every(100, () => {
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
  get isFinal(): boolean {
    return this.#summary !== null && isFinal(this.#summary);
  }
  /** Milliseconds since the run began, or until it ended. */
  get elapsedMs(): number {
    if (this.#summary === null) return 0;
    return Math.max(0, (this.#summary.finishedAtMs ?? this.#nowMs) - this.#summary.startedAtMs);
  }

  dispose(): void {
    for (const stop of this.#stops) stop();
  }
}
