import type { BridgeClient, Health, HealthAspect, HealthChoice, NodeHealth } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';
import type { Clock } from '../../ui/clock.ts';
import { coalesce, type Coalesced } from '../../ui/coalesce.ts';
import { RowSelection } from '../../ui/grid/row-selection.svelte.ts';
import { PagedRows } from '../../ui/paged-rows/paged-rows.svelte.ts';

/** The nodes behind a figure; `missing` are those that groups name and nobody has heard of. */
export interface ShownNodes {
  readonly aspect: HealthAspect | 'missing';
  /** For the aspect `version` alone. */
  readonly version: string | null;
}

/** Nodes come and change all the time: the figures follow within this, in milliseconds. */
const followWithinMs = 2000;

/** How often the figures are read where nothing changes: silence is news, too. In milliseconds. */
const readEveryMs = 30_000;

const sliceLimit = 500;

/** How fleet and console do, and the nodes behind one figure. */
export class HealthState {
  readonly rows = new PagedRows<NodeHealth>();
  readonly selection = new RowSelection();
  #health = $state.raw<Health | null>(null);
  #fault = $state.raw<Fault | null>(null);
  #shown = $state.raw<ShownNodes | null>(null);
  #isAsking = $state(false);
  readonly #bridge: BridgeClient;
  readonly #news: Coalesced;
  readonly #stops: readonly (() => void)[];
  #question = 0;

  constructor(bridge: BridgeClient, clock: Clock) {
    this.#bridge = bridge;
    this.#news = coalesce(clock, followWithinMs, () => void this.read());
    const tell = () => this.#news.note();
    this.#stops = [
      bridge.follow('fleet.changes', {}, tell),
      bridge.follow('session.changes', {}, tell),
      clock.every(readEveryMs, () => void this.read()),
    ];
    void this.read();
  }

  /** Null until the first answer. */
  get health(): Health | null {
    return this.#health;
  }
  /** Why it could not be read, or the fleet not be asked. */
  get fault(): Fault | null {
    return this.#fault;
  }
  get shown(): ShownNodes | null {
    return this.#shown;
  }
  get isAsking(): boolean {
    return this.#isAsking;
  }

  async read(): Promise<void> {
    const question = ++this.#question;
    const answer = await this.#bridge.call('health.get', {});
    if (question !== this.#question) return;
    this.#fault = answer.ok ? null : answer.error;
    if (!answer.ok) return;
    const isFirst = this.#health === null;
    this.#health = answer.value;
    if (isFirst) this.#list();
    else this.rows.refresh();
  }

  /** Lists the nodes behind a figure; null for none. */
  show(shown: ShownNodes | null): void {
    if (shown?.aspect === this.#shown?.aspect && shown?.version === this.#shown?.version) return;
    this.#shown = shown;
    this.selection.clear();
    this.#list();
  }

  /** The names of all nodes of the list, or of those that are selected. */
  async identities(): Promise<readonly string[]> {
    if (this.selection.keys.size > 0) return [...this.selection.keys];
    const choice = this.#choice();
    if (choice === null) return this.#health?.missing.identities ?? [];
    const answer = await this.#bridge.call('health.identities', choice);
    return answer.ok ? answer.value.identities : [];
  }

  /** The names from one place of the list to another, both included. */
  async identitiesBetween(first: number, last: number): Promise<readonly string[]> {
    const choice = this.#choice();
    if (choice === null) return [];
    const identities: string[] = [];
    for (let offset = first; offset <= last; offset += sliceLimit) {
      const limit = Math.min(sliceLimit, last - offset + 1);
      const slice = await this.#bridge.call('health.nodes', { ...choice, offset, limit });
      if (!slice.ok || slice.value.rows.length === 0) break;
      identities.push(...slice.value.rows.map(({ identity }) => identity));
    }
    return identities;
  }

  async selectAll(): Promise<void> {
    const choice = this.#choice();
    const answer = choice === null ? null : await this.#bridge.call('health.identities', choice);
    if (answer?.ok === true) this.selection.replace(answer.value.identities);
  }

  /** Looks for the whole fleet. */
  async askFleet(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    const answer = await this.#bridge.call('fleet.refresh', {});
    this.#isAsking = false;
    await this.read();
    if (!answer.ok) this.#fault = answer.error;
  }

  dispose(): void {
    this.#news.stop();
    for (const stop of this.#stops) stop();
  }

  #choice(): (HealthChoice & { asOfMs: number }) | null {
    if (this.#health === null || this.#shown === null || this.#shown.aspect === 'missing') return null;
    const { aspect, version } = this.#shown;
    return { aspect, ...(version === null ? {} : { version }), asOfMs: this.#health.asOfMs };
  }

  #list(): void {
    if (this.#choice() === null) return;
    this.rows.ask(async (offset, limit) => {
      const choice = this.#choice();
      return choice === null
        ? { ok: true, value: { total: 0, rows: [] } }
        : this.#bridge.call('health.nodes', { ...choice, offset, limit });
    });
  }
}
