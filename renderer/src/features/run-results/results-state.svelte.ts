import type { BridgeClient, ResultRow } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';
import type { NodeState } from '@muster/protocol/run';
import type { Clock } from '../../ui/clock.ts';
import { coalesce, type Coalesced } from '../../ui/coalesce.ts';
import type { GridSort } from '../../ui/grid/columns.ts';
import { PagedRows } from '../../ui/paged-rows/paged-rows.svelte.ts';
import { noAnswers, withAnswers, type SeenAnswers } from './result-columns.ts';

/** How long typing must rest before a search begins, in milliseconds. */
const restMs = 150;
/** The least time between two looks at a run that goes on, in milliseconds: eyes need no more. */
const refreshMs = 200;
const sliceLimit = 500;

/** The answers of a run: which are shown, and in which order. */
export class ResultsState {
  readonly rows = new PagedRows<ResultRow>();
  #states = $state.raw<ReadonlySet<NodeState>>(new Set());
  #search = $state.raw('');
  #sort = $state.raw<GridSort>({ by: '@identity', descending: false });
  #widths = $state.raw<Readonly<Record<string, number>>>({});
  #seen = $state.raw(noAnswers);
  readonly #outputs = $derived([...this.#seen.outputs]);
  readonly #bridge: BridgeClient;
  readonly #clock: Clock;
  readonly #runId: string;
  #stopRest: () => void = () => undefined;
  readonly #news: Coalesced;

  constructor(bridge: BridgeClient, clock: Clock, runId: string) {
    this.#bridge = bridge;
    this.#clock = clock;
    this.#news = coalesce(clock, refreshMs, () => this.rows.refresh());
    this.#runId = runId;
    this.#ask();
  }

  /** The states to show; empty for all. */
  get states(): ReadonlySet<NodeState> {
    return this.#states;
  }
  get search(): string {
    return this.#search;
  }
  get sort(): GridSort {
    return this.#sort;
  }
  get widths(): Readonly<Record<string, number>> {
    return this.#widths;
  }
  /** What the answers that came to the window are like. */
  get seen(): SeenAnswers {
    return this.#seen;
  }
  /** Outputs that answers have been seen with, in the order of their coming. */
  get outputs(): readonly string[] {
    return this.#outputs;
  }

  toggleState(state: NodeState): void {
    const states = new Set(this.#states);
    if (!states.delete(state)) states.add(state);
    this.#states = states;
    this.#ask();
  }

  showAll(): void {
    this.#states = new Set();
    this.#search = '';
    this.#ask();
  }

  searchFor(search: string): void {
    this.#search = search;
    this.#stopRest();
    this.#stopRest = this.#clock.after(restMs, () => this.#ask());
  }

  sortBy(sort: GridSort): void {
    this.#sort = sort;
    this.#ask();
  }

  resize(columnId: string, width: number): void {
    this.#widths = { ...this.#widths, [columnId]: width };
  }

  /** There is news of the run: what is in sight is read again, soon. */
  noteNews(): void {
    this.#news.note();
  }

  /** The names of all nodes in some states; all nodes of the run for none. */
  async identitiesIn(states: readonly NodeState[]): Promise<{ identities: readonly string[] } | { fault: Fault }> {
    const identities: string[] = [];
    for (;;) {
      const sort = { by: '@identity', descending: false };
      const slice = { states: [...states], search: '', sort, offset: identities.length, limit: sliceLimit };
      const answer = await this.#bridge.call('runs.results', { runId: this.#runId, ...slice });
      if (!answer.ok) return { fault: answer.error };
      identities.push(...answer.value.rows.map(({ identity }) => identity));
      if (answer.value.rows.length < sliceLimit) return { identities };
    }
  }

  dispose(): void {
    this.#stopRest();
    this.#news.stop();
  }

  #ask(): void {
    this.#stopRest();
    const question = { runId: this.#runId, states: [...this.#states], search: this.#search.trim(), sort: this.#sort };
    this.rows.ask(async (offset, limit) => {
      const answer = await this.#bridge.call('runs.results', { ...question, offset, limit });
      if (answer.ok) this.#seen = withAnswers(this.#seen, answer.value.rows);
      return answer;
    });
  }
}
