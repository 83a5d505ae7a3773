import type { BridgeClient, EndpointResult } from '@muster/protocol/bridge';
import type { Fault, Result } from '@muster/protocol/errors';

export type WaitingJoin = EndpointResult<'joins.list'>['waiting'][number];
export type JoinDecision = EndpointResult<'joins.approve'>;

/** Who waits to be let into the fleet. */
export class JoinsState {
  #waiting = $state.raw<readonly WaitingJoin[] | null>(null);
  #fault = $state.raw<Fault | null>(null);
  #decided = $state.raw<JoinDecision | null>(null);
  #isBusy = $state(false);
  readonly #bridge: BridgeClient;

  constructor(bridge: BridgeClient) {
    this.#bridge = bridge;
    void this.read();
  }

  /** Null until it was read. */
  get waiting(): readonly WaitingJoin[] | null {
    return this.#waiting;
  }
  /** Why it could not be read, or the last decision not be made. */
  get fault(): Fault | null {
    return this.#fault;
  }
  /** What was decided last. */
  get decided(): JoinDecision | null {
    return this.#decided;
  }
  get isBusy(): boolean {
    return this.#isBusy;
  }

  async read(): Promise<void> {
    const answer = await this.#bridge.call('joins.list', {});
    this.#fault = answer.ok ? null : answer.error;
    if (answer.ok) this.#waiting = answer.value.waiting;
  }

  /** A name that has a certificate gets another only by replacing it. */
  async approve({ key, holdsUntilMs }: WaitingJoin): Promise<void> {
    await this.#decide(() => this.#bridge.call('joins.approve', { key, replace: holdsUntilMs !== null }));
  }

  async reject({ key }: WaitingJoin): Promise<void> {
    await this.#decide(() => this.#bridge.call('joins.reject', { key }));
  }

  async #decide(ask: () => Promise<Result<JoinDecision>>): Promise<void> {
    this.#isBusy = true;
    const answer = await ask();
    this.#isBusy = false;
    if (!answer.ok) {
      this.#fault = answer.error;
      return;
    }
    this.#decided = answer.value;
    await this.read();
  }
}
