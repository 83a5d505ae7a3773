import type {
  BridgeClient,
  EndpointResult,
  PuppetCounts,
  PuppetFigures,
  PuppetNode,
  PuppetRun,
  PuppetState,
} from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';
import type { Clock } from '../../ui/clock.ts';
import { coalesce, type Coalesced } from '../../ui/coalesce.ts';
import type { GridSort } from '../../ui/grid/columns.ts';
import { RowSelection } from '../../ui/grid/row-selection.svelte.ts';
import { PagedRows } from '../../ui/paged-rows/paged-rows.svelte.ts';

/** The most rows that one call may ask for. */
const sliceLimit = 500;

/** How long typing in the search rests before it counts, in milliseconds. */
const searchRestsMs = 200;

function toggled<T>(all: ReadonlySet<T>, one: T): ReadonlySet<T> {
  const changed = new Set(all);
  if (!changed.delete(one)) changed.add(one);
  return changed;
}

/** Puppet on the fleet, as nodes told it last. */
export class PuppetFleetState {
  readonly rows = new PagedRows<PuppetNode>();
  readonly selection = new RowSelection();
  #counts = $state.raw<PuppetCounts | null>(null);
  #refreshedAtMs = $state.raw<number | null>(null);
  #states = $state.raw<ReadonlySet<PuppetState>>(new Set());
  #results = $state.raw<ReadonlySet<PuppetRun['result']>>(new Set());
  #isSilentOnly = $state(false);
  #figures = $state.raw<PuppetFigures | null>(null);
  #search = $state('');
  #sort = $state.raw<GridSort>({ by: 'identity', descending: false });
  #isAsking = $state(false);
  #askFault = $state.raw<Fault | null>(null);
  #answered = $state.raw<EndpointResult<'puppet.refresh'> | null>(null);
  #filter = '';
  readonly #bridge: BridgeClient;
  readonly #searched: Coalesced;
  readonly #stopFollowing: () => void;

  constructor(bridge: BridgeClient, clock: Clock) {
    this.#bridge = bridge;
    this.#searched = coalesce(clock, searchRestsMs, () => this.#ask());
    let isFirst = true;
    this.#stopFollowing = bridge.follow('puppet.changes', {}, () => {
      // The present state comes first, and the rows are asked for by `show`.
      if (!isFirst) {
        this.rows.refresh();
        void this.#readFigures();
      }
      isFirst = false;
    });
  }

  /** Figures over all that match the filter; null until the first answer. */
  get counts(): PuppetCounts | null {
    return this.#counts;
  }
  /** When the whole fleet was asked last; null for never. */
  get refreshedAtMs(): number | null {
    return this.#refreshedAtMs;
  }
  get states(): ReadonlySet<PuppetState> {
    return this.#states;
  }
  /** What came of the last runs to show; empty = whatever. */
  get results(): ReadonlySet<PuppetRun['result']> {
    return this.#results;
  }
  /** Whether only those are shown that did not answer the last question. */
  get isSilentOnly(): boolean {
    return this.#isSilentOnly;
  }
  /** The last runs of all that match the filter, as numbers to draw. */
  get figures(): PuppetFigures | null {
    return this.#figures;
  }
  get search(): string {
    return this.#search;
  }
  get sort(): GridSort {
    return this.#sort;
  }
  /** How many nodes match the filter, whatever their state. */
  get matching(): number | null {
    return this.#counts === null ? null : Object.values(this.#counts.states).reduce((sum, count) => sum + count, 0);
  }
  get isNarrowed(): boolean {
    return this.#states.size > 0 || this.#results.size > 0 || this.#isSilentOnly || this.#search.trim() !== '';
  }
  get isAsking(): boolean {
    return this.#isAsking;
  }
  get askFault(): Fault | null {
    return this.#askFault;
  }
  /** What came of asking the nodes; null before, and once it was dismissed. */
  get answered(): EndpointResult<'puppet.refresh'> | null {
    return this.#answered;
  }

  /** Shows the nodes that match a filter, which must be readable. */
  show(filter: string): void {
    if (filter !== this.#filter) this.selection.clear();
    this.#filter = filter;
    this.#ask();
    void this.#readFigures();
  }

  toggleState(state: PuppetState): void {
    this.#states = toggled(this.#states, state);
    this.#ask();
  }

  toggleResult(result: PuppetRun['result']): void {
    this.#results = toggled(this.#results, result);
    this.#ask();
  }

  toggleSilent(): void {
    this.#isSilentOnly = !this.#isSilentOnly;
    this.#ask();
  }

  searchFor(text: string): void {
    this.#search = text;
    this.#searched.note();
  }

  showAll(): void {
    this.#states = new Set();
    this.#results = new Set();
    this.#isSilentOnly = false;
    this.#search = '';
    this.#ask();
  }

  sortBy(sort: GridSort): void {
    this.#sort = sort;
    this.#ask();
  }

  /** Asks all nodes that have the agent how Puppet does on them. */
  async askNodes(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    const answer = await this.#bridge.call('puppet.refresh', {});
    this.#isAsking = false;
    this.#askFault = answer.ok ? null : answer.error;
    this.#answered = answer.ok ? answer.value : null;
    this.rows.refresh();
  }

  dismiss(): void {
    this.#answered = null;
    this.#askFault = null;
  }

  /** The names of the nodes from one place in the grid to another, both included. */
  async identitiesBetween(first: number, last: number): Promise<readonly string[]> {
    const identities: string[] = [];
    for (let offset = first; offset <= last; offset += sliceLimit) {
      const slice = await this.#slice(offset, Math.min(sliceLimit, last - offset + 1));
      if (!slice.ok || slice.value.rows.length === 0) break;
      identities.push(...slice.value.rows.map(({ identity }) => identity));
    }
    return identities;
  }

  async selectAll(): Promise<void> {
    const { total } = this.rows;
    if (total !== null && total > 0) this.selection.replace(await this.identitiesBetween(0, total - 1));
  }

  dispose(): void {
    this.#stopFollowing();
    this.#searched.stop();
  }

  #ask(): void {
    this.rows.ask(async (offset, limit) => {
      const answer = await this.#slice(offset, limit);
      if (answer.ok) {
        this.#counts = answer.value.counts;
        this.#refreshedAtMs = answer.value.refreshedAtMs;
      }
      return answer;
    });
  }

  async #readFigures(): Promise<void> {
    const filter = this.#filter;
    const answer = await this.#bridge.call('puppet.figures', { filter });
    // The overview tells what went wrong; figures only stay as they were.
    if (answer.ok && filter === this.#filter) this.#figures = answer.value;
  }

  #slice(offset: number, limit: number) {
    return this.#bridge.call('puppet.overview', {
      filter: this.#filter,
      states: [...this.#states],
      results: [...this.#results],
      silent: this.#isSilentOnly,
      search: this.#search.trim(),
      sort: this.#sort,
      offset,
      limit,
    });
  }
}
