import type { Fault } from '@muster/protocol/errors';
import type { InventoryWriter, SignOfLife } from '../storage/index.ts';

/** Signs of life on their way into the database: one write at a time, whatever comes meanwhile goes into the next. */
export class SignBook {
  readonly #store: Pick<InventoryWriter, 'noteSigns'>;
  readonly #onStored: () => void;
  readonly #onFault: (fault: Fault) => void;
  #waiting = new Map<string, SignOfLife>();
  #writing: Promise<void> | null = null;

  constructor(store: Pick<InventoryWriter, 'noteSigns'>, onStored: () => void, onFault: (fault: Fault) => void) {
    this.#store = store;
    this.#onStored = onStored;
    this.#onFault = onFault;
  }

  note(sign: SignOfLife): void {
    this.#waiting.set(sign.identity, { ...this.#waiting.get(sign.identity), ...sign });
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = null;
    });
  }

  /** Resolves when all noted so far are stored. */
  async drain(): Promise<void> {
    while (this.#writing !== null) await this.#writing;
  }

  async #writeAll(): Promise<void> {
    await Promise.resolve();
    while (this.#waiting.size > 0) {
      const signs = [...this.#waiting.values()];
      this.#waiting = new Map();
      const written = await this.#store.noteSigns(signs);
      if (written.ok) this.#onStored();
      else this.#onFault(written.error);
    }
  }
}
