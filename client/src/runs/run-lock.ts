import { ok, type Result } from '@muster/protocol/errors';
import { lockQueue, lockQueueName } from '@muster/protocol/topology';
import type { Bus } from '@muster/runtime/bus';

export interface LockedAction {
  readonly collective: string;
  readonly agent: string;
  readonly action: string;
}

/** The right to be the one run of an action in a collective that goes on: whoever consumes from the queue of the lock has it. */
export class RunLock {
  readonly #bus: Bus;
  readonly #name: string;
  #release: (() => Promise<void>) | null = null;

  constructor(bus: Bus, { collective, agent, action }: LockedAction) {
    this.#bus = bus;
    this.#name = lockQueueName(collective, agent, action);
  }

  /** Errors: `identity.duplicate` when another run has it, those of the broker. */
  async acquire(): Promise<Result<void>> {
    if (this.#release !== null) return ok(undefined);
    const held = await this.#bus.subscribe({
      queue: { name: this.#name, declaration: lockQueue },
      bindings: [],
      prefetch: 1,
      exclusive: true,
      onDelivery: (delivery) => delivery.ack(),
    });
    if (!held.ok) return held;
    this.#release = () => held.value.cancel();
    return ok(undefined);
  }

  async release(): Promise<void> {
    await this.#release?.();
    this.#release = null;
  }
}
