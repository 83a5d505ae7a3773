import type { Fault, Result } from '@muster/protocol/errors';
import { pause } from '../clock.ts';

/** Who goes through a list by key passes by many: one that is not rested on for so long, in milliseconds, is not read. */
const restMs = 60;
/** How long what was read before may stand below the name of what is open until it is said to be outdated, in milliseconds. */
const patienceMs = 250;

/** What a side panel shows of the one thing that is open, by its identity. What was read before stays in sight until the answer is here. */
export class OpenDetail<Detail> {
  #identity = $state.raw<string | null>(null);
  #detail = $state.raw<Detail | null>(null);
  #fault = $state.raw<Fault | null>(null);
  #isOutdated = $state.raw(false);
  /** What the detail is of. */
  #read: string | null = null;
  readonly #ask: (identity: string) => Promise<Result<Detail>>;

  constructor(ask: (identity: string) => Promise<Result<Detail>>) {
    this.#ask = ask;
  }

  get detail(): Detail | null {
    return this.#detail;
  }
  get fault(): Fault | null {
    return this.#fault;
  }

  /** Whether what is in sight is of another one than is open. */
  get isOutdated(): boolean {
    return this.#isOutdated;
  }

  /** Shows another one; null closes. */
  async open(identity: string | null): Promise<void> {
    if (identity === this.#identity) return;
    const isPassing = this.#identity !== null;
    this.#identity = identity;
    if (identity === null) {
      this.#detail = null;
      this.#fault = null;
      this.#isOutdated = false;
      return;
    }
    if (isPassing) {
      void this.#sayOutdated();
      await pause(restMs);
    }
    if (identity === this.#identity) await this.read();
  }

  async #sayOutdated(): Promise<void> {
    await pause(patienceMs);
    if (this.#identity !== null && this.#identity !== this.#read) this.#isOutdated = true;
  }

  /** Asks again for what is open. An answer that comes after something else was opened is dropped. */
  async read(): Promise<void> {
    const identity = this.#identity;
    if (identity === null) return;
    const answer = await this.#ask(identity);
    if (identity !== this.#identity) return;
    this.#read = identity;
    this.#detail = answer.ok ? answer.value : null;
    this.#fault = answer.ok ? null : answer.error;
    this.#isOutdated = false;
  }
}
