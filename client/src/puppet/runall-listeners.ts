import type { RunallSummary, StartTimer } from '@muster/protocol/bridge';
import type { Result } from '@muster/protocol/errors';

/** How often a runall that another process conducts is looked at while somebody listens, in milliseconds. */
const lookMs = 1000;

type Listener = (summary: RunallSummary) => void;

/** Whoever listens to a runall, whichever process conducts it. */
export class RunallListeners {
  readonly #read: (runallId: string) => Promise<Result<RunallSummary>>;
  readonly #startTimer: StartTimer;
  readonly #isOurs: (runallId: string) => boolean;
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #looking = new Map<string, () => void>();

  constructor(
    read: (runallId: string) => Promise<Result<RunallSummary>>,
    startTimer: StartTimer,
    isOurs: (runallId: string) => boolean,
  ) {
    this.#read = read;
    this.#startTimer = startTimer;
    this.#isOurs = isOurs;
  }

  add(runallId: string, listener: Listener): () => void {
    const known = this.#listeners.get(runallId) ?? new Set();
    this.#listeners.set(runallId, known.add(listener));
    if (!this.#looking.has(runallId)) this.#lookLater(runallId, 0);
    return () => {
      known.delete(listener);
      if (known.size > 0 || this.#listeners.get(runallId) !== known) return;
      this.#listeners.delete(runallId);
      this.#looking.get(runallId)?.();
      this.#looking.delete(runallId);
    };
  }

  publish(summary: RunallSummary): void {
    for (const listener of [...(this.#listeners.get(summary.runallId) ?? [])]) listener(summary);
  }

  close(): void {
    for (const stop of this.#looking.values()) stop();
    this.#looking.clear();
    this.#listeners.clear();
  }

  #lookLater(runallId: string, revision: number): void {
    this.#looking.set(
      runallId,
      this.#startTimer(lookMs, () => void this.#look(runallId, revision)),
    );
  }

  async #look(runallId: string, seen: number): Promise<void> {
    const read = this.#isOurs(runallId) ? null : await this.#read(runallId);
    if (!this.#listeners.has(runallId)) return;
    const isNews = read?.ok === true && read.value.revision !== seen;
    if (isNews) this.publish(read.value);
    this.#lookLater(runallId, read?.ok === true ? read.value.revision : seen);
  }
}
