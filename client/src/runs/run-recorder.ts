import type { RunSummary } from '@muster/protocol/bridge';
import { errorCatalogue, type Fault } from '@muster/protocol/errors';
import type { RunChanges, RunWriter } from '../storage/index.ts';

type Changes = Omit<RunChanges, 'summary'>;

interface Pending {
  readonly expected: string[];
  readonly moves: NonNullable<Changes['moves']>[number][];
  readonly states: NonNullable<Changes['states']>[number][];
  readonly answers: NonNullable<Changes['answers']>[number][];
  readonly stored: (() => void)[];
}

const nothing = (): Pending => ({ expected: [], moves: [], states: [], answers: [], stored: [] });

/**
 * Writes what changes in one run. While one write is under way everything else gathers for the next, so that the writes
 * grow with the load instead of queueing up. What the database refuses for now is tried again; broker acknowledgements wait
 * until then, which makes the broker wait as well.
 */
export class RunRecorder {
  readonly #store: RunWriter;
  readonly #summary: () => RunSummary;
  readonly #onStored: (summary: RunSummary) => void;
  readonly #pause: (fault: Fault) => Promise<boolean>;
  #pending = nothing();
  #isDirty = false;
  #writing: Promise<void> | null = null;
  #lost: Fault | null = null;

  /** `pause` waits before a refused write is repeated; false from it gives the write up. */
  constructor(options: {
    store: RunWriter;
    summary: () => RunSummary;
    onStored: (summary: RunSummary) => void;
    pause: (fault: Fault) => Promise<boolean>;
  }) {
    this.#store = options.store;
    this.#summary = options.summary;
    this.#onStored = options.onStored;
    this.#pause = options.pause;
  }

  /** Notes changes, or only that the summary differs; `stored` is called once they are safe. */
  note(changes: Changes = {}, stored?: () => void): void {
    if (this.#lost !== null) return;
    const pending = this.#pending;
    // Lists may hold as many nodes as the fleet has: too many to be spread into arguments.
    for (const identity of changes.expected ?? []) pending.expected.push(identity);
    for (const move of changes.moves ?? []) pending.moves.push(move);
    for (const state of changes.states ?? []) pending.states.push(state);
    for (const answer of changes.answers ?? []) pending.answers.push(answer);
    if (stored !== undefined) pending.stored.push(stored);
    this.#isDirty = true;
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = null;
    });
  }

  /** Resolves when everything noted so far is stored, with the fault if it could not be. */
  async drain(): Promise<Fault | null> {
    while (this.#writing !== null) await this.#writing;
    return this.#lost;
  }

  async #writeAll(): Promise<void> {
    // Whatever happens in the same turn belongs into the same write.
    await Promise.resolve();
    while (this.#isDirty && this.#lost === null) {
      const batch = this.#pending;
      this.#pending = nothing();
      this.#isDirty = false;
      await this.#write(batch);
    }
  }

  async #write({ stored, ...changes }: Pending): Promise<void> {
    for (;;) {
      const summary = this.#summary();
      const written = await this.#store.recordRun({ ...changes, summary });
      if (written.ok) {
        for (const call of stored) call();
        this.#onStored(summary);
        return;
      }
      const goOn = errorCatalogue[written.error.code].retry !== 'never' && (await this.#pause(written.error));
      if (goOn) continue;
      this.#lost = written.error;
      return;
    }
  }
}
