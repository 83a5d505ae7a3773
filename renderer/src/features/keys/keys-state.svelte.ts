import type { BridgeClient, GuardState } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';

/** The keys and certificates of this console. */
export class KeysState {
  #guard = $state.raw<GuardState | null>(null);
  #fault = $state.raw<Fault | null>(null);
  readonly #bridge: BridgeClient;

  constructor(bridge: BridgeClient) {
    this.#bridge = bridge;
    void this.read();
  }

  /** Null until it was read. */
  get guard(): GuardState | null {
    return this.#guard;
  }
  get fault(): Fault | null {
    return this.#fault;
  }

  async read(): Promise<void> {
    const answer = await this.#bridge.call('guard.state', {});
    this.#fault = answer.ok ? null : answer.error;
    if (answer.ok) this.#guard = answer.value;
  }
}
