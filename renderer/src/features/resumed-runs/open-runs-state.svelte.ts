import type { BridgeClient, RunSummary } from '@muster/protocol/bridge';
import { z } from 'zod';
import type { Clock } from '../../ui/clock.ts';
import { createContext } from 'svelte';

const seenSchema = z.array(z.object({ runId: z.string(), responses: z.int() })).max(50);
type Seen = z.infer<typeof seenSchema>[number];

const preferenceKey = 'runs.open';
/** How often runs that go on are looked at, in milliseconds. */
const lookMs = 5000;
/** The most runs that are remembered. */
const most = 50;

/** A run that went on while nobody looked. */
export interface ResumedRun {
  readonly run: RunSummary;
  /** Answers that came meanwhile. */
  readonly answers: number;
}

/**
 * Remembers the runs that this person has started and whose end no window has seen, so that the next start of the window can tell
 * what became of them.
 */
export class OpenRunsState {
  #resumed = $state.raw<readonly ResumedRun[]>([]);
  #seen: readonly Seen[] = [];
  readonly #bridge: BridgeClient;
  readonly #stopLooking: () => void;
  readonly #onEnded: (run: RunSummary) => void;
  /** What happened before the window was opened is told by {@link resumed}. */
  #isRecalling = true;

  /** `onEnded` is called once for each remembered run that ends while the window is open. */
  constructor(bridge: BridgeClient, clock: Clock, onEnded: (run: RunSummary) => void = () => undefined) {
    this.#bridge = bridge;
    this.#onEnded = onEnded;
    void this.#recall();
    this.#stopLooking = clock.every(lookMs, () => {
      if (this.#seen.length > 0) void this.#look();
    });
  }

  /** What went on since a window was last open; empty once it was dismissed. */
  get resumed(): readonly ResumedRun[] {
    return this.#resumed;
  }

  remember(runId: string): void {
    void this.#keep([{ runId, responses: 0 }, ...this.#seen].slice(0, most));
  }

  /** A window shows the end of a run. */
  forget(run: RunSummary): void {
    this.#tellEnd(run);
    void this.#keep(this.#seen.filter((seen) => seen.runId !== run.runId));
  }

  dismiss(): void {
    this.#resumed = [];
  }

  dispose(): void {
    this.#stopLooking();
  }

  async #recall(): Promise<void> {
    const kept = await this.#bridge.call('preferences.get', { key: preferenceKey });
    const before = kept.ok ? seenSchema.catch([]).parse(kept.value.value) : [];
    const started = this.#seen;
    this.#seen = [...started, ...before];
    const found = await this.#look();
    this.#isRecalling = false;
    this.#resumed = before.flatMap(({ runId, responses }) => {
      const run = found.find((one) => one.runId === runId);
      if (run === undefined) return [];
      const answers = Math.max(0, run.responses - responses);
      return answers > 0 || run.finishedAtMs !== null || !run.isConducted ? [{ run, answers }] : [];
    });
  }

  /** Looks at every remembered run, and forgets those that have ended. */
  async #look(): Promise<readonly RunSummary[]> {
    const looked = this.#seen;
    const answers = await Promise.all(looked.map(({ runId }) => this.#bridge.call('runs.get', { runId })));
    const found = answers.flatMap((answer) => (answer.ok ? [answer.value] : []));
    for (const run of found) this.#tellEnd(run);
    const isGone = (runId: string) =>
      answers.some(
        (answer, index) => !answer.ok && answer.error.code === 'run.unknown' && looked[index]?.runId === runId,
      );
    await this.#keep(
      this.#seen.flatMap((seen) => {
        const run = found.find(({ runId }) => runId === seen.runId);
        if (run === undefined) return isGone(seen.runId) ? [] : [seen];
        return run.finishedAtMs === null ? [{ runId: run.runId, responses: run.responses }] : [];
      }),
    );
    return found;
  }

  #tellEnd(run: RunSummary): void {
    const isRemembered = this.#seen.some(({ runId }) => runId === run.runId);
    if (isRemembered && run.finishedAtMs !== null && !this.#isRecalling) this.#onEnded(run);
  }

  async #keep(seen: readonly Seen[]): Promise<void> {
    const isSame = JSON.stringify(seen) === JSON.stringify(this.#seen);
    this.#seen = seen;
    if (!isSame) await this.#bridge.call('preferences.set', { key: preferenceKey, value: [...seen] });
  }
}

export const [useOpenRuns, provideOpenRuns] = createContext<OpenRunsState>();
