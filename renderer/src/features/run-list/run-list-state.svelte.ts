import type { BridgeClient, RunSummary } from '@muster/protocol/bridge';
import type { Clock } from '../../ui/clock.ts';
import { PagedRows } from '../../ui/paged-rows/paged-rows.svelte.ts';

/** How long typing must rest before a search begins, in milliseconds. */
const restMs = 150;
/** How often runs that still go on are looked at again, in milliseconds. */
const lookMs = 1500;

/** Runs, newest first. */
export class RunListState {
  readonly rows = new PagedRows<RunSummary>();
  #search = $state.raw('');
  readonly #bridge: BridgeClient;
  readonly #clock: Clock;
  readonly #stopLooking: () => void;
  #stopRest: () => void = () => undefined;

  constructor(bridge: BridgeClient, clock: Clock, search: string) {
    this.#bridge = bridge;
    this.#clock = clock;
    this.#search = search;
    this.ask();
    this.#stopLooking = clock.every(lookMs, () => {
      if (this.rows.loaded.some(({ finishedAtMs }) => finishedAtMs === null)) this.rows.refresh();
    });
  }

  get search(): string {
    return this.#search;
  }

  searchFor(search: string): void {
    this.#search = search;
    this.#stopRest();
    this.#stopRest = this.#clock.after(restMs, () => this.ask());
  }

  ask(): void {
    const search = this.#search.trim();
    this.rows.ask(async (offset, limit) => {
      const answer = await this.#bridge.call('runs.list', { search, offset, limit });
      return answer.ok ? { ok: true, value: { total: answer.value.total, rows: answer.value.runs } } : answer;
    });
  }

  dispose(): void {
    this.#stopRest();
    this.#stopLooking();
  }
}
