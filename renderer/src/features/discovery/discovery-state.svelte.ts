import type { BridgeClient, EndpointResult } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';

export type DiscoveryAnswer = EndpointResult<'fleet.discover'>;

/** What the fleet itself said when it was asked who matches. */
export class DiscoveryState {
  #answer = $state.raw<DiscoveryAnswer | null>(null);
  #fault = $state.raw<Fault | null>(null);
  #isAsking = $state.raw(false);
  readonly #bridge: BridgeClient;
  #question = 0;

  constructor(bridge: BridgeClient) {
    this.#bridge = bridge;
  }

  get answer(): DiscoveryAnswer | null {
    return this.#answer;
  }
  get fault(): Fault | null {
    return this.#fault;
  }
  get isAsking(): boolean {
    return this.#isAsking;
  }

  async ask(filter: string): Promise<void> {
    const question = ++this.#question;
    this.#isAsking = true;
    this.#fault = null;
    const answer = await this.#bridge.call('fleet.discover', { filter });
    if (question !== this.#question) return;
    this.#isAsking = false;
    this.#answer = answer.ok ? answer.value : null;
    this.#fault = answer.ok ? null : answer.error;
  }

  /** Forgets the answer: another filter is in force, or it was read. */
  dismiss(): void {
    this.#question++;
    this.#isAsking = false;
    this.#answer = null;
    this.#fault = null;
  }
}
