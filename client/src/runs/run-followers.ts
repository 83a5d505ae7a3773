import type { ResultDetail, RunSummary, StartTimer } from '@muster/protocol/bridge';
import type { Result } from '@muster/protocol/errors';
import type { RunWatch } from '../engine/parts/runs.ts';
import type { RunNews } from '../storage/index.ts';

/** How often a run that another process conducts is looked at while somebody watches, in milliseconds. */
const lookMs = 1000;

interface Watcher {
  readonly watch: RunWatch;
  /** Nodes whose answers it has been told of. */
  readonly told: Set<string>;
}

/** Whoever watches runs, whichever process conducts them. */
export class RunFollowers {
  readonly #read: (runId: string, sinceRevision: number) => Promise<Result<RunNews>>;
  readonly #startTimer: StartTimer;
  readonly #isOurs: (runId: string) => boolean;
  readonly #watchers = new Map<string, Set<Watcher>>();
  readonly #looking = new Map<string, () => void>();
  readonly #seen = new Map<string, number>();

  /** `isOurs` says whether this process conducts a run, and tells of it by itself. */
  constructor(
    read: (runId: string, sinceRevision: number) => Promise<Result<RunNews>>,
    startTimer: StartTimer,
    isOurs: (runId: string) => boolean,
  ) {
    this.#read = read;
    this.#startTimer = startTimer;
    this.#isOurs = isOurs;
  }

  /** From now on; answers up to revision `since` are not told. */
  add(runId: string, watch: RunWatch, since = 0): () => void {
    const watcher: Watcher = { watch, told: new Set() };
    const known = this.#watchers.get(runId) ?? new Set();
    this.#watchers.set(runId, known.add(watcher));
    if (!this.#looking.has(runId)) {
      this.#seen.set(runId, since);
      this.#lookLater(runId);
    }
    return () => {
      known.delete(watcher);
      if (known.size > 0 || this.#watchers.get(runId) !== known) return;
      this.#watchers.delete(runId);
      this.#looking.get(runId)?.();
      this.#looking.delete(runId);
      this.#seen.delete(runId);
    };
  }

  tellChange(summary: RunSummary): void {
    for (const { watch } of this.#watching(summary.runId)) watch.onChange?.(summary);
  }

  tellResult(runId: string, result: ResultDetail): void {
    for (const { watch, told } of this.#watching(runId)) {
      if (watch.onResult === undefined || told.has(result.identity)) continue;
      told.add(result.identity);
      watch.onResult(result);
    }
  }

  /** Tells what another process did since the last look. */
  async catchUp(runId: string): Promise<void> {
    if (this.#isOurs(runId)) return;
    const seen = this.#seen.get(runId) ?? 0;
    const read = await this.#read(runId, seen);
    if (!read.ok || read.value.revision === seen || !this.#watchers.has(runId)) return;
    this.#seen.set(runId, read.value.revision);
    for (const answer of read.value.answers) this.tellResult(runId, answer);
    this.tellChange(read.value.summary);
  }

  close(): void {
    for (const stop of this.#looking.values()) stop();
    this.#looking.clear();
    this.#watchers.clear();
  }

  #watching(runId: string): readonly Watcher[] {
    return [...(this.#watchers.get(runId) ?? [])];
  }

  #lookLater(runId: string): void {
    const look = () =>
      void this.catchUp(runId).then(() => (this.#watchers.has(runId) ? this.#lookLater(runId) : undefined));
    this.#looking.set(runId, this.#startTimer(lookMs, look));
  }
}
