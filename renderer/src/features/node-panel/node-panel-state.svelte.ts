import type { BridgeClient, NodeDetail } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';

/** All that the inventory knows of the node that is open. */
export class NodePanelState {
  #identity = $state.raw<string | null>(null);
  #detail = $state.raw<NodeDetail | null>(null);
  #fault = $state.raw<Fault | null>(null);
  readonly #bridge: BridgeClient;

  constructor(bridge: BridgeClient) {
    this.#bridge = bridge;
  }

  /** The open node; what was read before stays in sight until the answer is here. */
  get detail(): NodeDetail | null {
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

  /** Reads the open node again. */
  async read(): Promise<void> {
    const identity = this.#identity;
    if (identity === null) return;
    const answer = await this.#bridge.call('fleet.node', { identity });
    if (identity !== this.#identity) return;
    this.#detail = answer.ok ? answer.value : null;
    this.#fault = answer.ok ? null : answer.error;
  }
}
