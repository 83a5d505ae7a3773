import type { BridgeClient, ConnectionShape, RunSummary } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';
import { isFinal } from '../run-progress/run-course.ts';

/** Nodes that answered, and how long that took, in milliseconds. */
export interface FoundNodes {
  readonly nodes: number;
  readonly durationMs: number;
}

/** The first questions of a console to its fleet: who is there, and does everybody answer. */
export class FirstTry {
  #connection = $state.raw<ConnectionShape | null>(null);
  #found = $state.raw<FoundNodes | null>(null);
  #ping = $state.raw<RunSummary | null>(null);
  #fault = $state.raw<Fault | null>(null);
  #isAsking = $state.raw(false);
  readonly #bridge: BridgeClient;
  readonly #stopFollowing: () => void;
  #stopRun: () => void = () => undefined;

  constructor(bridge: BridgeClient) {
    this.#bridge = bridge;
    this.#stopFollowing = bridge.follow(
      'session.changes',
      {},
      (connection) => {
        this.#connection = connection;
        // The first time it is up; later tries are a person's.
        if (connection.status === 'up' && this.#found === null && !this.#isAsking) void this.ask();
      },
      (fault) => (this.#fault = fault),
    );
  }

  /** Null until it was told. */
  get connection(): ConnectionShape | null {
    return this.#connection;
  }
  /** Null until the fleet was asked. */
  get found(): FoundNodes | null {
    return this.#found;
  }
  /** The ping of all that were found; null until it began. */
  get ping(): RunSummary | null {
    return this.#ping;
  }
  get fault(): Fault | null {
    return this.#fault;
  }
  get isAsking(): boolean {
    return this.#isAsking;
  }
  /** Whether all that was to be tried was. */
  get isDone(): boolean {
    return this.#found !== null && (this.#found.nodes === 0 || (this.#ping !== null && isFinal(this.#ping)));
  }

  /** Asks who is there, then pings them. */
  async ask(): Promise<void> {
    this.#stopRun();
    this.#isAsking = true;
    this.#found = null;
    this.#ping = null;
    this.#fault = await this.#ask();
    this.#isAsking = false;
  }

  dispose(): void {
    this.#stopFollowing();
    this.#stopRun();
  }

  async #ask(): Promise<Fault | null> {
    const found = await this.#bridge.call('fleet.discover', { filter: '' });
    if (!found.ok) return found.error;
    this.#found = { nodes: found.value.identities.length, durationMs: found.value.durationMs };
    if (found.value.identities.length === 0) return null;
    // A new console has yet to learn what the nodes can do.
    const learnt = await this.#bridge.call('fleet.refresh', {});
    if (!learnt.ok) return learnt.error;
    const started = await this.#bridge.call('runs.start', {
      agent: 'rpcutil',
      action: 'ping',
      inputs: {},
      target: { kind: 'nodes', identities: found.value.identities },
    });
    if (!started.ok) return started.error;
    this.#stopRun = this.#bridge.follow(
      'runs.changes',
      { runId: started.value.runId },
      (run) => (this.#ping = run),
      (fault) => (this.#fault = fault),
    );
    return null;
  }
}
