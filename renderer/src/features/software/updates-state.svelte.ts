import type { BridgeClient, EndpointResult } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';
import type { Clock } from '../../ui/clock.ts';
import { coalesce, type Coalesced } from '../../ui/coalesce.ts';

/** How many packages are shown at first, and how many more at a time. */
const step = 100;
/** The most that one call may ask for. */
const most = 500;
/** How soon typing and news of the run show, in milliseconds. */
const restMs = 250;

/** What a run of `package checkupdates` found, by package. */
export class UpdatesState {
  #found = $state.raw<EndpointResult<'software.updates'> | null>(null);
  #fault = $state.raw<Fault | null>(null);
  #search = $state('');
  #limit = step;
  #question = 0;
  readonly #bridge: BridgeClient;
  readonly #runId: string;
  readonly #rest: Coalesced;

  constructor(bridge: BridgeClient, clock: Clock, runId: string) {
    this.#bridge = bridge;
    this.#runId = runId;
    this.#rest = coalesce(clock, restMs, () => void this.read());
    void this.read();
  }

  /** Null until the first answer. */
  get found(): EndpointResult<'software.updates'> | null {
    return this.#found;
  }
  get fault(): Fault | null {
    return this.#fault;
  }
  get search(): string {
    return this.#search;
  }
  get canShowMore(): boolean {
    const { total = 0, updates = [] } = this.#found ?? {};
    return updates.length < Math.min(total, most);
  }

  searchFor(text: string): void {
    this.#search = text;
    this.#rest.note();
  }

  /** There is news of the run. */
  noteNews(): void {
    this.#rest.note();
  }

  showMore(): void {
    this.#limit = Math.min(this.#limit + step, most);
    void this.read();
  }

  async read(): Promise<void> {
    const question = ++this.#question;
    const params = { runId: this.#runId, search: this.#search, offset: 0, limit: this.#limit };
    const answer = await this.#bridge.call('software.updates', params);
    if (question !== this.#question) return;
    if (answer.ok) this.#found = answer.value;
    this.#fault = answer.ok ? null : answer.error;
  }

  /** The names of all nodes that could update a package; empty when that could not be told (see {@link fault}). */
  async nodesOf(name: string): Promise<readonly string[]> {
    const answer = await this.#bridge.call('software.updateNodes', { runId: this.#runId, package: name });
    this.#fault = answer.ok ? null : answer.error;
    return answer.ok ? answer.value.identities : [];
  }

  dispose(): void {
    this.#question++;
    this.#rest.stop();
  }
}
