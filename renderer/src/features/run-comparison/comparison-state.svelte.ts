import type { BridgeClient, ComparedNode, Comparison, ComparisonKind } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';
import type { Clock } from '../../ui/clock.ts';
import { PagedRows } from '../../ui/paged-rows/paged-rows.svelte.ts';

/** How long typing must rest before a search begins, in milliseconds. */
const restMs = 150;

/** What makes a difference worth a look; nodes that are the same are shown when somebody asks for them. */
const differing: readonly ComparisonKind[] = ['state', 'changed', 'only_before', 'only_after'];

/** Two runs, node by node. */
export class ComparisonState {
  readonly rows = new PagedRows<ComparedNode>();
  #comparison = $state.raw<Comparison | null>(null);
  #fault = $state.raw<Fault | null>(null);
  #kinds = $state.raw<ReadonlySet<ComparisonKind>>(new Set());
  #ignored = $state.raw<ReadonlySet<string>>(new Set());
  #field = $state.raw<string | null>(null);
  #search = $state.raw('');
  #question = 0;
  #stopRest: () => void = () => undefined;
  readonly #bridge: BridgeClient;
  readonly #clock: Clock;
  readonly #pair: { readonly before: string; readonly after: string };

  constructor(bridge: BridgeClient, clock: Clock, before: string, after: string) {
    this.#bridge = bridge;
    this.#clock = clock;
    this.#pair = { before, after };
    this.ask();
  }

  get comparison(): Comparison | null {
    return this.#comparison;
  }
  get fault(): Fault | null {
    return this.#fault;
  }
  /** Kinds that are shown alone; empty for all that differ, or for all nodes where none does. */
  get kinds(): ReadonlySet<ComparisonKind> {
    return this.#kinds;
  }
  /** Outputs in which answers may differ and still count as the same. */
  get ignored(): ReadonlySet<string> {
    return this.#ignored;
  }
  /** The output that has to differ in the nodes that are shown; null for any. */
  get field(): string | null {
    return this.#field;
  }
  get search(): string {
    return this.#search;
  }
  /** How many nodes did not come to the same. */
  get differing(): number {
    const kinds = this.#comparison?.kinds;
    return kinds === undefined ? 0 : differing.reduce((sum, kind) => sum + kinds[kind], 0);
  }

  /** The nodes that are shown, as the engine is asked for them. */
  get choice() {
    const isAlike = this.#comparison !== null && this.differing === 0;
    return {
      ...this.#pair,
      ignore: [...this.#ignored],
      kinds: this.#kinds.size > 0 ? [...this.#kinds] : isAlike ? [] : [...differing],
      search: this.#search.trim(),
      ...(this.#field === null ? {} : { field: this.#field }),
    };
  }

  toggleKind(kind: ComparisonKind): void {
    const kinds = new Set(this.#kinds);
    if (!kinds.delete(kind)) kinds.add(kind);
    this.#kinds = kinds;
    this.#askRows();
  }

  toggleIgnored(field: string): void {
    const ignored = new Set(this.#ignored);
    if (!ignored.delete(field)) ignored.add(field);
    this.#ignored = ignored;
    if (this.#field !== null && ignored.has(this.#field)) this.#field = null;
    this.ask();
  }

  /** Shows only nodes in which this output differs; again, and all are shown. */
  toggleField(field: string): void {
    this.#field = this.#field === field ? null : field;
    this.#askRows();
  }

  searchFor(search: string): void {
    this.#search = search;
    this.#stopRest();
    this.#stopRest = this.#clock.after(restMs, () => this.#askRows());
  }

  showAll(): void {
    this.#kinds = new Set();
    this.#field = null;
    this.#search = '';
    this.#askRows();
  }

  ask(): void {
    void this.#readFigures();
    this.#askRows();
  }

  dispose(): void {
    this.#stopRest();
    this.#question++;
  }

  async #readFigures(): Promise<void> {
    const question = ++this.#question;
    const answer = await this.#bridge.call('comparisons.get', { ...this.#pair, ignore: [...this.#ignored] });
    if (question !== this.#question) return;
    this.#fault = answer.ok ? null : answer.error;
    if (!answer.ok) return;
    const wasUnknown = this.#comparison === null;
    this.#comparison = answer.value;
    // With nothing that differs the nodes themselves are what there is to see.
    if (wasUnknown && this.differing === 0) this.#askRows();
  }

  #askRows(): void {
    const { choice } = this;
    this.rows.ask(async (offset, limit) => this.#bridge.call('comparisons.nodes', { ...choice, offset, limit }));
  }
}
