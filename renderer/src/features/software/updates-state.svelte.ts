import type { BridgeClient, EndpointResult, RunSummary } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';
import type { Clock } from '../../ui/clock.ts';
import { coalesce, type Coalesced } from '../../ui/coalesce.ts';
import { runNews, type RunNews } from '../run-progress/run-news.ts';

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
  #isComplete = $state.raw(false);
  #search = $state('');
  #limit = step;
  #question = 0;
  readonly #bridge: BridgeClient;
  readonly #runId: string;
  readonly #typing: Coalesced;
  readonly #news: RunNews;

  constructor(bridge: BridgeClient, clock: Clock, runId: string) {
    this.#bridge = bridge;
    this.#runId = runId;
    this.#typing = coalesce(clock, restMs, () => void this.read());
    this.#news = runNews(clock, restMs, () => void this.read());
    void this.read();
  }

  /** Null until the first answer. */
  get found(): EndpointResult<'software.updates'> | null {
    return this.#found;
  }
  /** Whether what was found is how the run ended: until then more answers may come. */
  get isComplete(): boolean {
    return this.#isComplete;
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
    this.#typing.note();
  }

  /** There is news of the run: its answers are looked at again, soon; at once when it has ended. */
  noteNews(run: Pick<RunSummary, 'state'>): void {
    this.#news.note(run);
  }

  showMore(): void {
    this.#limit = Math.min(this.#limit + step, most);
    void this.read();
  }

  async read(): Promise<void> {
    const question = ++this.#question;
    const { isEnded } = this.#news;
    const params = { runId: this.#runId, search: this.#search, offset: 0, limit: this.#limit };
    const answer = await this.#bridge.call('software.updates', params);
    if (question !== this.#question) return;
    if (answer.ok) {
      this.#found = answer.value;
      this.#isComplete = isEnded;
    }
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
    this.#typing.stop();
    this.#news.stop();
  }
}
