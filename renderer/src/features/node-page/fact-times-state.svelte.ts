import type { BridgeClient, FactChange, FactDifference } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';

/** A time at which a node was read and had other facts than before. */
export interface FactTime {
  readonly atMs: number;
  readonly changes: number;
}

/** The times of changes, newest first. */
export const factTimes = (changes: readonly Pick<FactChange, 'atMs'>[]): readonly FactTime[] =>
  [...Map.groupBy(changes, ({ atMs }) => atMs)].map(([atMs, all]) => ({ atMs, changes: all.length }));

/** The facts of a node at two times. */
export class FactTimesState {
  #differences = $state.raw<readonly FactDifference[] | null>(null);
  #fault = $state.raw<Fault | null>(null);
  #question = 0;
  readonly #bridge: BridgeClient;
  readonly #identity: string;

  constructor(bridge: BridgeClient, identity: string) {
    this.#bridge = bridge;
    this.#identity = identity;
  }

  /** Null until they are read. */
  get differences(): readonly FactDifference[] | null {
    return this.#differences;
  }
  get fault(): Fault | null {
    return this.#fault;
  }

  /** Reads what the second time has otherwise than the first. */
  async look(fromMs: number, toMs: number): Promise<void> {
    const question = ++this.#question;
    const answer = await this.#bridge.call('nodes.factDifference', { identity: this.#identity, fromMs, toMs });
    if (question !== this.#question) return;
    this.#fault = answer.ok ? null : answer.error;
    if (answer.ok) this.#differences = answer.value.differences;
  }
}
