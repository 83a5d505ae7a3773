import type { Fault, Result } from '@muster/protocol/errors';

/** What a side panel shows of the one thing that is open, by its identity. What was read before stays in sight until the answer is here. */
export class OpenDetail<Detail> {
  #identity = $state.raw<string | null>(null);
  #detail = $state.raw<Detail | null>(null);
  #fault = $state.raw<Fault | null>(null);
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

  /** Shows another one; null closes. */
  async open(identity: string | null): Promise<void> {
    if (identity === this.#identity) return;
    this.#identity = identity;
    if (identity === null) {
      this.#detail = null;
      this.#fault = null;
    } else await this.read();
  }

  /** Asks again for what is open. An answer that comes after something else was opened is dropped. */
  async read(): Promise<void> {
    const identity = this.#identity;
    if (identity === null) return;
    const answer = await this.#ask(identity);
    if (identity !== this.#identity) return;
    this.#detail = answer.ok ? answer.value : null;
    this.#fault = answer.ok ? null : answer.error;
  }
}
