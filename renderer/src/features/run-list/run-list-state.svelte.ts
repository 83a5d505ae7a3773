import type { BridgeClient, ListedRun, RunQuery } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';
import type { Clock } from '../../ui/clock.ts';
import { RowSelection } from '../../ui/grid/row-selection.svelte.ts';
import { PagedRows } from '../../ui/paged-rows/paged-rows.svelte.ts';
import { changedFilter, runQuery, type RunFilter } from './run-filter.ts';

/** How long typing must rest before a search begins, in milliseconds. */
const restMs = 150;
/** How often runs that still go on are looked at again, in milliseconds. */
const lookMs = 1500;
/** How many runs are read at once where a range of them is selected. */
const sliceSize = 500;

/** What was removed last, as long as it can be taken back. */
export interface Removal {
  readonly runIds: readonly string[];
  /** How many were to be removed as well, and stayed. */
  readonly pinned: number;
  readonly open: number;
}

/** Runs, newest first. */
export class RunListState {
  readonly rows = new PagedRows<ListedRun>();
  readonly selection = new RowSelection();
  #search = $state.raw('');
  #filter = $state.raw<RunFilter>({});
  #removal = $state.raw<Removal | null>(null);
  #fault = $state.raw<Fault | null>(null);
  readonly #bridge: BridgeClient;
  readonly #clock: Clock;
  readonly #stopLooking: () => void;
  #stopRest: () => void = () => undefined;

  constructor(bridge: BridgeClient, clock: Clock, search: string, filter: RunFilter = {}) {
    this.#bridge = bridge;
    this.#clock = clock;
    this.#search = search;
    this.#filter = filter;
    this.ask();
    this.#stopLooking = clock.every(lookMs, () => {
      if (this.rows.loaded.some(({ finishedAtMs }) => finishedAtMs === null)) this.rows.refresh();
    });
  }

  get search(): string {
    return this.#search;
  }
  get filter(): RunFilter {
    return this.#filter;
  }
  /** Null once it was taken back or dismissed. */
  get removal(): Removal | null {
    return this.#removal;
  }
  /** Why the last thing that was done with runs was not. */
  get fault(): Fault | null {
    return this.#fault;
  }
  /** Those of the selected runs that are in memory, newest first. */
  get selected(): readonly ListedRun[] {
    return this.rows.loaded.filter(({ runId }) => this.selection.has(runId));
  }

  /** What is looked for, as the engine is asked. */
  get query(): RunQuery {
    return runQuery(this.#search, this.#filter, this.#clock.now());
  }

  searchFor(search: string): void {
    this.#search = search;
    this.#stopRest();
    this.#stopRest = this.#clock.after(restMs, () => this.ask());
  }

  /** Changes some conditions; those that are undefined are taken away. */
  narrow(changes: Parameters<typeof changedFilter>[1]): void {
    this.#filter = changedFilter(this.#filter, changes);
    this.ask();
  }

  showAll(): void {
    this.#stopRest();
    this.#search = '';
    this.#filter = {};
    this.ask();
  }

  ask(): void {
    this.selection.clear();
    const { query } = this;
    this.rows.ask(async (offset, limit) => {
      const answer = await this.#bridge.call('runs.list', { ...query, offset, limit });
      return answer.ok ? { ok: true, value: { total: answer.value.total, rows: answer.value.runs } } : answer;
    });
  }

  /** The ids of a range of rows. */
  async idsBetween(first: number, last: number): Promise<readonly string[]> {
    const query = runQuery(this.#search, this.#filter, this.#clock.now());
    const limit = Math.min(last - first + 1, sliceSize);
    const answer = await this.#bridge.call('runs.list', { ...query, offset: first, limit });
    return answer.ok ? answer.value.runs.map(({ runId }) => runId) : [];
  }

  /** Selects all runs that are listed, as far as one call takes them. */
  async selectAll(): Promise<void> {
    this.selection.replace(await this.idsBetween(0, sliceSize - 1));
  }

  async pin(isPinned: boolean): Promise<void> {
    const answer = await this.#bridge.call('runs.pin', { runIds: this.#chosen(), isPinned });
    this.#settle(answer.ok ? null : answer.error);
  }

  async remove(): Promise<void> {
    const answer = await this.#bridge.call('runs.remove', { runIds: this.#chosen() });
    if (answer.ok) {
      const { removed, kept } = answer.value;
      const count = (code: string) => kept.filter((one) => one.code === code).length;
      this.#removal = { runIds: removed, pinned: count('run.pinned'), open: count('run.not_ended') };
      this.selection.clear();
    }
    this.#settle(answer.ok ? null : answer.error);
  }

  async undo(): Promise<void> {
    const runIds = this.#removal?.runIds ?? [];
    if (runIds.length === 0) return;
    const answer = await this.#bridge.call('runs.restore', { runIds: [...runIds] });
    if (answer.ok) this.#removal = null;
    this.#settle(answer.ok ? null : answer.error);
  }

  dismissRemoval(): void {
    this.#removal = null;
  }

  dispose(): void {
    this.#stopRest();
    this.#stopLooking();
  }

  /** As many as one call takes. */
  #chosen(): string[] {
    return [...this.selection.keys].slice(0, sliceSize);
  }

  #settle(fault: Fault | null): void {
    this.#fault = fault;
    this.rows.refresh();
  }
}
