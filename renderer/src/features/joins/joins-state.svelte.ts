import type { BridgeClient, EndpointResult } from '@muster/protocol/bridge';
import type { Fault, Result } from '@muster/protocol/errors';
import type { Clock } from '../../ui/clock.ts';

/** How often the authority is asked again, in milliseconds. */
const askEveryMs = 10_000;

export type WaitingJoin = EndpointResult<'joins.list'>['waiting'][number];
export type JoinDecision = EndpointResult<'joins.approve'>;

/** Who waits to be let into the fleet. */
export class JoinsState {
  #waiting = $state.raw<readonly WaitingJoin[] | null>(null);
  #listFault = $state.raw<Fault | null>(null);
  #decisionFault = $state.raw<Fault | null>(null);
  #decided = $state.raw<JoinDecision | null>(null);
  #isBusy = $state(false);
  readonly #bridge: BridgeClient;
  #isAsking = false;
  readonly #stop: () => void;

  constructor(bridge: BridgeClient, clock: Clock) {
    this.#bridge = bridge;
    this.#stop = clock.every(askEveryMs, () => void this.read());
    void this.read();
  }

  /** Null until it was read. */
  get waiting(): readonly WaitingJoin[] | null {
    return this.#waiting;
  }
  /** Why it could not be read, or the last decision not be made. */
  get fault(): Fault | null {
    return this.#decisionFault ?? this.#listFault;
  }
  /** What was decided last. */
  get decided(): JoinDecision | null {
    return this.#decided;
  }
  get isBusy(): boolean {
    return this.#isBusy;
  }

  async read(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    const answer = await this.#bridge.call('joins.list', {});
    this.#isAsking = false;
    this.#listFault = answer.ok ? null : answer.error;
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
    this.#decisionFault = answer.ok ? null : answer.error;
    if (!answer.ok) return;
    const { value: decided } = answer;
    this.#decided = decided;
    this.#waiting = this.#waiting?.filter(({ key }) => key !== decided.key) ?? null;
    await this.read();
  }

  dispose(): void {
    this.#stop();
  }
}
