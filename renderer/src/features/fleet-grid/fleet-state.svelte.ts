import type { BridgeClient, NodeRow } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';
import type { GridColumn, GridSort } from '../../ui/grid/columns.ts';
import { RowSelection } from '../../ui/grid/row-selection.svelte.ts';
import { PagedRows } from '../../ui/paged-rows/paged-rows.svelte.ts';
import { createPreference, type Preference } from '../preferences/preference.ts';
import { fleetColumns, fleetLayoutSchema, usualLayout, type FleetLayout } from './fleet-columns.ts';

/** The most rows that one call may ask for. */
const sliceLimit = 500;

/** The fleet's grid: which nodes, in which order, with which facts, and which of them are selected. */
export class FleetState {
  readonly rows = new PagedRows<NodeRow>();
  readonly selection = new RowSelection();
  #layout = $state.raw<FleetLayout | null>(null);
  /** Whether nobody has chosen columns yet. */
  #isUsual = false;
  #sort = $state.raw<GridSort>({ by: '@identity', descending: false });
  #filter: string | null = null;
  readonly #bridge: BridgeClient;
  readonly #preference: Preference<FleetLayout>;

  constructor(bridge: BridgeClient) {
    this.#bridge = bridge;
    this.#preference = createPreference(bridge, 'fleet.layout', fleetLayoutSchema);
    void this.#loadLayout();
  }

  get layout(): FleetLayout {
    return this.#layout ?? { facts: [], widths: {} };
  }
  get columns(): readonly GridColumn[] {
    return fleetColumns(this.layout);
  }
  get sort(): GridSort {
    return this.#sort;
  }

  /** Shows the nodes that match a filter, which must be readable. */
  show(filter: string): void {
    if (filter === this.#filter) return;
    this.#filter = filter;
    this.selection.clear();
    this.#ask();
  }

  /** The inventory has changed: the same rows again, as they are now. */
  refresh(): void {
    this.rows.refresh();
    // A fleet of which nothing was known when the window opened has facts by now.
    if (this.#layout?.facts.length === 0 && this.#isUsual) void this.#useUsual();
  }

  sortBy(sort: GridSort): void {
    this.#sort = sort;
    this.#ask();
  }

  /** Chooses the facts to show, in this order. */
  chooseFacts(facts: readonly string[]): void {
    this.#keep({ ...this.layout, facts: [...facts] });
    this.#ask();
  }

  resize(columnId: string, width: number): void {
    this.#keep({ ...this.layout, widths: { ...this.layout.widths, [columnId]: width } });
  }

  async resetColumns(): Promise<void> {
    const paths = await this.#bridge.call('fleet.factPaths', {});
    this.#keep(usualLayout(paths.ok ? paths.value.paths : []));
    this.#ask();
  }

  /** The names of the nodes from one place in the grid to another, both included. */
  async identitiesBetween(first: number, last: number): Promise<readonly string[]> {
    const identities: string[] = [];
    for (let offset = first; offset <= last; offset += sliceLimit) {
      const slice = await this.#slice(offset, Math.min(sliceLimit, last - offset + 1), []);
      if (!slice.ok || slice.value.rows.length === 0) break;
      identities.push(...slice.value.rows.map(({ identity }) => identity));
    }
    return identities;
  }

  async selectAll(): Promise<void> {
    const { total } = this.rows;
    if (total !== null && total > 0) this.selection.replace(await this.identitiesBetween(0, total - 1));
  }

  /** Reads the inventory anew from the nodes that have changed. */
  async readAnew(): Promise<{ nodes: number; updated: number } | { fault: Fault }> {
    const answer = await this.#bridge.call('fleet.refresh', {});
    if (!answer.ok) return { fault: answer.error };
    this.rows.refresh();
    return answer.value;
  }

  async #loadLayout(): Promise<void> {
    const stored = await this.#preference.load();
    if (stored === null) return this.#useUsual();
    this.#layout = stored;
    if (this.#filter !== null) this.#ask();
  }

  async #useUsual(): Promise<void> {
    const paths = await this.#bridge.call('fleet.factPaths', {});
    const layout = usualLayout(paths.ok ? paths.value.paths : []);
    const isNews = this.#layout === null || layout.facts.length > 0;
    if (!isNews) return;
    this.#layout = { ...layout, widths: this.#layout?.widths ?? {} };
    this.#isUsual = true;
    if (this.#filter !== null) this.#ask();
  }

  #keep(layout: FleetLayout): void {
    this.#isUsual = false;
    this.#layout = layout;
    this.#preference.save(layout);
  }

  #ask(): void {
    // Until the columns are known there is nothing to ask for; the layout asks once it is here.
    if (this.#layout === null) return;
    const { facts } = this.#layout;
    this.rows.ask(async (offset, limit) => {
      const answer = await this.#slice(offset, limit, facts);
      return answer.ok ? { ok: true, value: { total: answer.value.matching, rows: answer.value.rows } } : answer;
    });
  }

  #slice(offset: number, limit: number, columns: readonly string[]) {
    return this.#bridge.call('fleet.list', {
      filter: this.#filter ?? '',
      columns: [...columns],
      sort: this.#sort,
      offset,
      limit,
    });
  }
}
