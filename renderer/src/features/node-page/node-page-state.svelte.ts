import type { BridgeClient, EndpointResult, NodeCertificate, NodeDetail } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';
import type { Clock } from '../../ui/clock.ts';

type FactChanges = EndpointResult<'nodes.factChanges'>;
type Statistics = EndpointResult<'nodes.statistics'>['statistics'];

/** All that is known of the node whose page is open. */
export class NodePageState {
  #detail = $state.raw<NodeDetail | null>(null);
  #fault = $state.raw<Fault | null>(null);
  #changes = $state.raw<FactChanges | null>(null);
  #certificate = $state.raw<NodeCertificate | null | undefined>(undefined);
  #statistics = $state.raw<{ readonly told: Statistics; readonly atMs: number } | null>(null);
  #statisticsFault = $state.raw<Fault | null>(null);
  #isAsking = $state.raw(false);
  readonly #bridge: BridgeClient;
  readonly #clock: Clock;
  readonly identity: string;

  constructor(bridge: BridgeClient, clock: Clock, identity: string) {
    this.#bridge = bridge;
    this.#clock = clock;
    this.identity = identity;
    void this.read();
  }

  /** Null until it is read. */
  get detail(): NodeDetail | null {
    return this.#detail;
  }
  /** Why nothing can be told of the node. */
  get fault(): Fault | null {
    return this.#fault;
  }
  /** What has become of its facts, newest first; null until it is read. */
  get changes(): FactChanges | null {
    return this.#changes;
  }
  /** When each fact changed last, as far as that is kept. */
  get changedMs(): ReadonlyMap<string, number> {
    return new Map(this.#changes?.changes.toReversed().map(({ path, atMs }) => [path, atMs]));
  }
  /** Null when the node has signed nothing that is here; undefined until it is read. */
  get certificate(): NodeCertificate | null | undefined {
    return this.#certificate;
  }
  /** How its agent fares, and when it said so; null until it was asked. */
  get statistics(): { readonly told: Statistics; readonly atMs: number } | null {
    return this.#statistics;
  }
  get statisticsFault(): Fault | null {
    return this.#statisticsFault;
  }
  get isAsking(): boolean {
    return this.#isAsking;
  }

  /** Reads what the inventory knows, at first and whenever the fleet has changed. */
  async read(): Promise<void> {
    const { identity } = this;
    const [detail, changes, signed] = await Promise.all([
      this.#bridge.call('fleet.node', { identity }),
      this.#bridge.call('nodes.factChanges', { identity }),
      this.#bridge.call('nodes.certificate', { identity }),
    ]);
    this.#fault = detail.ok ? null : detail.error;
    if (detail.ok) this.#detail = detail.value;
    if (changes.ok) this.#changes = changes.value;
    if (signed.ok) this.#certificate = signed.value.certificate;
  }

  /** Asks the node itself. */
  async ask(): Promise<void> {
    this.#isAsking = true;
    const answer = await this.#bridge.call('nodes.statistics', { identity: this.identity });
    this.#isAsking = false;
    this.#statisticsFault = answer.ok ? null : answer.error;
    if (answer.ok) this.#statistics = { told: answer.value.statistics, atMs: this.#clock.now() };
  }
}
