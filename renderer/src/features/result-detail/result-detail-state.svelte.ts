import type { BridgeClient, ResultDetail } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';

/** One node's answer in full, read again as long as it can change. */
export class ResultDetailState {
  #detail = $state.raw<ResultDetail | null>(null);
  #fault = $state.raw<Fault | null>(null);
  #identity: string | null = null;
  readonly #bridge: BridgeClient;
  readonly #runId: string;

  constructor(bridge: BridgeClient, runId: string) {
    this.#bridge = bridge;
    this.#runId = runId;
  }

  get detail(): ResultDetail | null {
    return this.#detail;
  }
  get fault(): Fault | null {
    return this.#fault;
  }

  async open(identity: string | null): Promise<void> {
    if (identity === this.#identity) return;
    this.#identity = identity;
    if (identity === null) {
      this.#detail = null;
      this.#fault = null;
    } else await this.read();
  }

  /** Reads the open answer again. */
  async read(): Promise<void> {
    const identity = this.#identity;
    if (identity === null) return;
    const answer = await this.#bridge.call('runs.result', { runId: this.#runId, identity });
    if (identity !== this.#identity) return;
    this.#detail = answer.ok ? answer.value : null;
    this.#fault = answer.ok ? null : answer.error;
  }

  /** There is news of the run: an answer that has not come yet may be there now. */
  noteNews(): void {
    if (this.#identity !== null && this.#detail?.arrivedAtMs == null) void this.read();
  }
}
