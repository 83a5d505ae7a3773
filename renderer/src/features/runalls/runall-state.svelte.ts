import type { BridgeClient, EndpointParams, RunallNode, RunallNodeState, RunallSummary } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';
import type { Clock } from '../../ui/clock.ts';
import { coalesce, type Coalesced } from '../../ui/coalesce.ts';
import type { GridSort } from '../../ui/grid/columns.ts';
import { PagedRows } from '../../ui/paged-rows/paged-rows.svelte.ts';
import { isFinal, slotStates } from './runall-figures.ts';

/** Groups of states that the nodes can be narrowed down to. */
export const nodeGroups = {
  waiting: ['waiting'],
  slots: slotStates,
  done: ['done'],
  skipped: ['skipped'],
} as const satisfies Record<string, readonly RunallNodeState[]>;
export type NodeGroup = keyof typeof nodeGroups;

/** The most slots that are drawn one by one. */
export const slotsShown = 60;

/** How soon news is shown, in milliseconds. */
const newsWithinMs = 150;
const searchRestsMs = 200;

/** One runall as it goes on. */
export class RunallState {
  readonly nodes = new PagedRows<RunallNode>();
  #summary = $state.raw<RunallSummary | null>(null);
  #slots = $state.raw<readonly RunallNode[]>([]);
  #fault = $state.raw<Fault | null>(null);
  #wishFault = $state.raw<Fault | null>(null);
  #nowMs = $state.raw(0);
  #groups = $state.raw<ReadonlySet<NodeGroup>>(new Set());
  #search = $state('');
  #sort = $state.raw<GridSort>({ by: 'turn', descending: false });
  readonly #bridge: BridgeClient;
  readonly #runallId: string;
  readonly #news: Coalesced;
  readonly #searched: Coalesced;
  readonly #stops: (() => void)[];

  constructor(bridge: BridgeClient, clock: Clock, runallId: string) {
    this.#bridge = bridge;
    this.#runallId = runallId;
    this.#nowMs = clock.now();
    this.#news = coalesce(clock, newsWithinMs, () => {
      this.nodes.refresh();
      void this.#readSlots();
    });
    this.#searched = coalesce(clock, searchRestsMs, () => this.#ask());
    const stopFollowing = bridge.follow(
      'runalls.changes',
      { runallId },
      (summary) => {
        this.#summary = summary;
        this.#fault = null;
        this.#news.note();
      },
      (fault) => (this.#fault = fault),
    );
    const stopTicking = clock.every(1000, () => {
      if (this.#summary !== null && !isFinal(this.#summary)) this.#nowMs = clock.now();
    });
    this.#stops = [stopFollowing, stopTicking];
    this.#ask();
    void this.#readSlots();
  }

  get summary(): RunallSummary | null {
    return this.#summary;
  }
  /** The nodes that take a slot now, in the order of their turns; of many the first. */
  get slots(): readonly RunallNode[] {
    return this.#slots;
  }
  get fault(): Fault | null {
    return this.#fault;
  }
  /** Why the last wish, to pause or to go on, was not granted. */
  get wishFault(): Fault | null {
    return this.#wishFault;
  }
  /** The time, renewed once a second while it goes on. */
  get nowMs(): number {
    return this.#nowMs;
  }
  get groups(): ReadonlySet<NodeGroup> {
    return this.#groups;
  }
  get search(): string {
    return this.#search;
  }
  get sort(): GridSort {
    return this.#sort;
  }

  toggleGroup(group: NodeGroup): void {
    const groups = new Set(this.#groups);
    if (!groups.delete(group)) groups.add(group);
    this.#groups = groups;
    this.#ask();
  }

  showAll(): void {
    this.#groups = new Set();
    this.#search = '';
    this.#ask();
  }

  searchFor(text: string): void {
    this.#search = text;
    this.#searched.note();
  }

  sortBy(sort: GridSort): void {
    this.#sort = sort;
    this.#ask();
  }

  /** Says what is to become of it. */
  async wish(what: 'pause' | 'resume' | 'cancel'): Promise<void> {
    const answer = await this.#bridge.call(`runalls.${what}`, { runallId: this.#runallId });
    this.#wishFault = answer.ok ? null : answer.error;
    if (answer.ok) this.#summary = answer.value;
  }

  dispose(): void {
    for (const stop of this.#stops) stop();
    this.#news.stop();
    this.#searched.stop();
  }

  #ask(): void {
    const states = [...this.#groups].flatMap((group) => nodeGroups[group]);
    const search = this.#search.trim();
    const sort = this.#sort;
    this.nodes.ask((offset, limit) => this.#slice({ states, search, sort, offset, limit }));
  }

  async #readSlots(): Promise<void> {
    const sort = { by: 'turn', descending: false };
    const answer = await this.#slice({ states: [...slotStates], search: '', sort, offset: 0, limit: slotsShown });
    if (answer.ok) this.#slots = answer.value.rows;
  }

  #slice(params: Omit<EndpointParams<'runalls.nodes'>, 'runallId'>) {
    return this.#bridge.call('runalls.nodes', { runallId: this.#runallId, ...params });
  }
}
