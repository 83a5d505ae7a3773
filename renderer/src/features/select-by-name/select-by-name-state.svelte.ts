import type { BridgeClient, EndpointResult } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';
import type { Clock } from '../../ui/clock.ts';

export type ResolvedNames = EndpointResult<'fleet.resolve'>;

/** How long typing must rest before names are looked up, in milliseconds. */
export const namesRestMs = 200;

/** A pasted text, and which nodes it means. */
export class SelectByNameState {
  #text = $state.raw('');
  #found = $state.raw<ResolvedNames | null>(null);
  #fault = $state.raw<Fault | null>(null);
  #isReading = $state.raw(false);
  readonly #bridge: BridgeClient;
  readonly #clock: Clock;
  #stopRest: () => void = () => undefined;
  #question = 0;

  constructor(bridge: BridgeClient, clock: Clock) {
    this.#bridge = bridge;
    this.#clock = clock;
  }

  get text(): string {
    return this.#text;
  }
  /** Null while nothing is written. */
  get found(): ResolvedNames | null {
    return this.#found;
  }
  get fault(): Fault | null {
    return this.#fault;
  }
  get isReading(): boolean {
    return this.#isReading;
  }

  edit(text: string): void {
    this.#text = text;
    this.#isReading = true;
    this.#stopRest();
    this.#stopRest = this.#clock.after(namesRestMs, () => void this.#read());
  }

  dispose(): void {
    this.#stopRest();
    this.#question++;
  }

  async #read(): Promise<void> {
    const question = ++this.#question;
    const found = await this.#bridge.call('fleet.resolve', { text: this.#text });
    if (question !== this.#question) return;
    this.#isReading = false;
    this.#fault = found.ok ? null : found.error;
    this.#found = found.ok && this.#text.trim() !== '' ? found.value : null;
  }
}
