import type { BridgeClient, ResultRow } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';
import type { NodeState } from '@muster/protocol/run';
import type { Clock } from '../../ui/clock.ts';
import { coalesce, type Coalesced } from '../../ui/coalesce.ts';
import type { GridSort } from '../../ui/grid/columns.ts';
import { RowSelection } from '../../ui/grid/row-selection.svelte.ts';
import { PagedRows } from '../../ui/paged-rows/paged-rows.svelte.ts';
import type { AnswerChoice } from '../answer-groups/answer-groups-state.svelte.ts';
import { AnswerFilterState } from './answer-filter-state.svelte.ts';
import { noAnswers, withAnswers, type SeenAnswers } from './result-columns.ts';

/** How long typing must rest before a search begins, in milliseconds. */
const restMs = 150;
/** The least time between two looks at a run that goes on, in milliseconds: eyes need no more. */
const refreshMs = 200;
/** The most names that one call gives. */
const mostNames = 100_000;

/** The answers of a run: which are shown, in which order, and which of them are selected. */
export class ResultsState {
  readonly rows = new PagedRows<ResultRow>();
  readonly selection = new RowSelection();
  readonly filter: AnswerFilterState;
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
    this.filter = new AnswerFilterState(clock, () => this.#choose());
    this.#ask();
  }

  /** The states to show; empty for all. */
  get states(): ReadonlySet<NodeState> {
    return this.#states;
  }
  get search(): string {
    return this.#search;
  }
  get choice(): AnswerChoice {
    return { states: [...this.#states], search: this.#search.trim(), filter: this.filter.applied };
  }
  /** Whether only some of the answers are shown. */
  get isNarrowed(): boolean {
    return this.#states.size > 0 || this.#search.trim() !== '' || this.filter.applied !== '';
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
    this.#choose();
  }

  showAll(): void {
    this.#states = new Set();
    this.#search = '';
    this.filter.set('');
    this.#choose();
  }

  searchFor(search: string): void {
    this.#search = search;
    this.#stopRest();
    this.#stopRest = this.#clock.after(restMs, () => this.#choose());
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
    const sort = { by: '@identity', descending: false };
    const question = { runId: this.#runId, states: [...states], search: '', sort };
    const answer = await this.#bridge.call('runs.resultNodes', { ...question, offset: 0, limit: mostNames });
    return answer.ok ? answer.value : { fault: answer.error };
  }

  /** The names of the nodes from one place in the grid to another, both included. */
  async identitiesBetween(first: number, last: number): Promise<readonly string[]> {
    const limit = Math.min(last - first + 1, mostNames);
    const answer = await this.#bridge.call('runs.resultNodes', { ...this.#question(), offset: first, limit });
    return answer.ok ? answer.value.identities : [];
  }

  async selectAll(): Promise<void> {
    const { total } = this.rows;
    if (total !== null && total > 0) this.selection.replace(await this.identitiesBetween(0, total - 1));
  }

  dispose(): void {
    this.#stopRest();
    this.filter.dispose();
    this.#news.stop();
  }

  /** Other answers are looked at: what was selected among those before may be out of sight. */
  #choose(): void {
    this.selection.clear();
    this.#ask();
  }

  #question() {
    const { states, search, filter } = this.choice;
    return { runId: this.#runId, states: [...states], search, filter, sort: this.#sort };
  }

  #ask(): void {
    this.#stopRest();
    const question = this.#question();
    this.rows.ask(async (offset, limit) => {
      const answer = await this.#bridge.call('runs.results', { ...question, offset, limit });
      if (answer.ok) this.#seen = withAnswers(this.#seen, answer.value.rows);
      return answer;
    });
  }
}
