import type { RunSummary } from '@muster/protocol/bridge';
import { errorCatalogue, type Fault, type Result } from '@muster/protocol/errors';
import type { RunChanges } from '../storage/index.ts';

type Changes = Omit<RunChanges, 'summary'>;

interface Pending {
  progress: Changes['progress'];
  answersUntilMs: Changes['answersUntilMs'];
  readonly deliveries: Map<string, NonNullable<Changes['deliveries']>[number]>;
  readonly expected: string[];
  readonly moves: NonNullable<Changes['moves']>[number][];
  readonly states: NonNullable<Changes['states']>[number][];
  readonly answers: NonNullable<Changes['answers']>[number][];
  readonly signed: NonNullable<Changes['signed']>[number][];
  readonly notifications: NonNullable<Changes['notifications']>[number][];
  readonly stored: (() => void)[];
}

const nothing = (): Pending => ({
  progress: undefined,
  answersUntilMs: undefined,
  deliveries: new Map(),
  expected: [],
  moves: [],
  states: [],
  answers: [],
  signed: [],
  notifications: [],
  stored: [],
});

/**
 * Writes what changes in one run. While one write is under way everything else gathers for the next, so that the writes
 * grow with the load instead of queueing up. What the database refuses for now is tried again; broker acknowledgements wait
 * until then, which makes the broker wait as well.
 */
export class RunRecorder {
  readonly #write: (changes: RunChanges) => Promise<Result<void>>;
  readonly #summary: () => RunSummary;
  readonly #onStored: (summary: RunSummary) => void;
  readonly #pause: (fault: Fault) => Promise<boolean>;
  #pending = nothing();
  #isDirty = false;
  #writing: Promise<void> | null = null;
  #lost: Fault | null = null;

  /** `pause` waits before a refused write is repeated; false from it gives the write up. */
  constructor(options: {
    write: (changes: RunChanges) => Promise<Result<void>>;
    summary: () => RunSummary;
    onStored: (summary: RunSummary) => void;
    pause: (fault: Fault) => Promise<boolean>;
  }) {
    this.#write = options.write;
    this.#summary = options.summary;
    this.#onStored = options.onStored;
    this.#pause = options.pause;
  }

  /** Why nothing is written any more; null while all is well. */
  get lost(): Fault | null {
    return this.#lost;
  }

  /** Notes changes, or only that the summary differs; `stored` is called once they are safe. */
  note(changes: Changes = {}, stored?: () => void): void {
    if (this.#lost !== null) return;
    const pending = this.#pending;
    if (changes.progress !== undefined) pending.progress = changes.progress;
    if (changes.answersUntilMs !== undefined) pending.answersUntilMs = changes.answersUntilMs;
    for (const delivery of changes.deliveries ?? []) pending.deliveries.set(delivery.identity, delivery);
    // Lists may hold as many nodes as the fleet has: too many to be spread into arguments.
    for (const identity of changes.expected ?? []) pending.expected.push(identity);
    for (const move of changes.moves ?? []) pending.moves.push(move);
    for (const state of changes.states ?? []) pending.states.push(state);
    for (const answer of changes.answers ?? []) pending.answers.push(answer);
    for (const message of changes.signed ?? []) pending.signed.push(message);
    pending.notifications.push(...(changes.notifications ?? []));
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
      await this.#writeBatch(batch);
    }
  }

  async #writeBatch({ stored, deliveries, progress, answersUntilMs, ...lists }: Pending): Promise<void> {
    const changes = {
      ...lists,
      deliveries: [...deliveries.values()],
      ...(progress === undefined ? {} : { progress }),
      ...(answersUntilMs === undefined ? {} : { answersUntilMs }),
    };
    for (;;) {
      const summary = this.#summary();
      const written = await this.#write({ ...changes, summary });
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
