import type { BridgeClient, NotifyTarget } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';

/** How the test of a target stands: on its way, or what came of it. */
export type TestOutcome =
  | { readonly kind: 'sending' }
  | { readonly kind: 'taken'; readonly answer: string }
  | { readonly kind: 'failed'; readonly fault: Fault };

/** Whom the console tells when runs end, and tests of them. */
export class NotifyTargetsState {
  #targets = $state.raw<readonly NotifyTarget[] | null>(null);
  #fault = $state.raw<Fault | null>(null);
  #tests = $state.raw<ReadonlyMap<string, TestOutcome>>(new Map());
  readonly #bridge: BridgeClient;
  readonly #stopFollowing: () => void;

  constructor(bridge: BridgeClient) {
    this.#bridge = bridge;
    void this.read();
    this.#stopFollowing = bridge.follow('notify.changes', {}, () => void this.read());
  }

  /** Null until the first answer. */
  get targets(): readonly NotifyTarget[] | null {
    return this.#targets;
  }
  get fault(): Fault | null {
    return this.#fault;
  }

  /** Undefined for a target that was not tested here. */
  testOf(name: string): TestOutcome | undefined {
    return this.#tests.get(name);
  }

  async read(): Promise<void> {
    const answer = await this.#bridge.call('notify.list', {});
    this.#fault = answer.ok ? null : answer.error;
    if (answer.ok) this.#targets = answer.value.targets;
  }

  /** Sends a test, unless one is on its way. */
  async test(name: string): Promise<void> {
    if (this.testOf(name)?.kind === 'sending') return;
    this.#note(name, { kind: 'sending' });
    const sent = await this.#bridge.call('notify.test', { name });
    this.#note(name, sent.ok ? { kind: 'taken', answer: sent.value.answer } : { kind: 'failed', fault: sent.error });
  }

  dispose(): void {
    this.#stopFollowing();
  }

  #note(name: string, outcome: TestOutcome): void {
    this.#tests = new Map([...this.#tests, [name, outcome]]);
  }
}
