import type { BridgeClient, ConsoleAbout } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';

/** Where the console lives and what it is made of. */
export class ConsoleAboutState {
  #about = $state.raw<ConsoleAbout | null>(null);
  #fault = $state.raw<Fault | null>(null);
  readonly #bridge: BridgeClient;

  constructor(bridge: BridgeClient) {
    this.#bridge = bridge;
    void this.read();
  }

  /** Null until the first answer. */
  get about(): ConsoleAbout | null {
    return this.#about;
  }
  get fault(): Fault | null {
    return this.#fault;
  }

  async read(): Promise<void> {
    const answer = await this.#bridge.call('console.about', {});
    this.#fault = answer.ok ? null : answer.error;
    if (answer.ok) this.#about = answer.value;
  }
}
