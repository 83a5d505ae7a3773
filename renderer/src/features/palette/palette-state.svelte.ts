import type { BridgeClient, FleetAgent, Preset, Recipe } from '@muster/protocol/bridge';
import { ok } from '@muster/protocol/errors';
import type { Clock } from '../../ui/clock.ts';
import { PagedRows } from '../../ui/paged-rows/paged-rows.svelte.ts';
import type { CommandsState } from '../commands/commands-state.svelte.ts';
import type { FleetsState } from '../fleets/fleets-state.svelte.ts';
import {
  namesFilter,
  sectionsFor,
  type PaletteFindings,
  type PaletteItem,
  type PaletteSection,
} from './palette-items.ts';

/** How long typing must rest before the engine is asked, in milliseconds. */
const restMs = 120;
const nodesShown = 6;
const runsShown = 5;
const noFindings: PaletteFindings = { nodes: [], nodeCount: 0, runs: [] };

/** What the palette looks for: everything, or nodes alone, of which there may be many. */
export type PaletteMode = 'all' | 'nodes';

/** What is typed into the palette, what fits it, and which of that the keyboard is on. */
export class PaletteState {
  /** Nodes by name, in the mode for them. */
  readonly nodes = new PagedRows<string>();
  #mode = $state.raw<PaletteMode | null>(null);
  #search = $state.raw('');
  #active = $state.raw(0);
  #findings = $state.raw<PaletteFindings>(noFindings);
  #presets = $state.raw<readonly Preset[]>([]);
  #recipes = $state.raw<readonly Recipe[]>([]);
  #agents = $state.raw<readonly FleetAgent[]>([]);
  readonly #bridge: BridgeClient;
  readonly #clock: Clock;
  readonly #commands: Pick<CommandsState, 'available'>;
  readonly #fleets: Pick<FleetsState, 'others'>;
  #stopRest: () => void = () => undefined;
  #question = 0;

  constructor(
    bridge: BridgeClient,
    clock: Clock,
    commands: Pick<CommandsState, 'available'>,
    fleets: Pick<FleetsState, 'others'>,
  ) {
    this.#bridge = bridge;
    this.#clock = clock;
    this.#commands = commands;
    this.#fleets = fleets;
  }

  /** Null while it is closed. */
  get mode(): PaletteMode | null {
    return this.#mode;
  }
  get search(): string {
    return this.#search;
  }
  /** The place of the item that Enter chooses. */
  get active(): number {
    return this.#active;
  }
  get sections(): readonly PaletteSection[] {
    if (this.#mode !== 'all') return [];
    const stock = {
      commands: this.#commands.available,
      presets: this.#presets,
      recipes: this.#recipes,
      agents: this.#agents,
      fleets: this.#fleets.others,
    };
    return sectionsFor(this.#search, stock, this.#findings);
  }
  /** How many items there are. */
  get count(): number {
    if (this.#mode === 'nodes') return this.nodes.total ?? 0;
    return this.sections.reduce((sum, { items }) => sum + items.length, 0);
  }

  open(mode: PaletteMode, search = ''): void {
    this.#mode = mode;
    this.#search = search;
    this.#active = 0;
    this.#findings = noFindings;
    if (mode === 'all') void this.#stock();
    this.#ask();
  }

  close(): void {
    this.#stopRest();
    this.#question++;
    this.#mode = null;
  }

  type(search: string): void {
    this.#search = search;
    this.#active = 0;
    this.#stopRest();
    this.#stopRest = this.#clock.after(restMs, () => this.#ask());
  }

  /** Moves the keyboard to the next or the one before, around the ends. */
  move(by: 1 | -1): void {
    const { count } = this;
    if (count > 0) this.#active = (this.#active + by + count) % count;
  }

  point(index: number): void {
    this.#active = index;
  }

  /** The item at a place, from the first part to the last; undefined when it is not here. */
  item(index: number): PaletteItem | undefined {
    if (this.#mode === 'nodes') {
      const identity = this.nodes.row(index);
      return identity === undefined ? undefined : { kind: 'node', key: `node ${identity}`, identity };
    }
    return this.sections.flatMap(({ items }) => items)[index];
  }

  dispose(): void {
    this.close();
  }

  /** Reads what changes seldom. */
  async #stock(): Promise<void> {
    const [presets, recipes, agents] = await Promise.all([
      this.#bridge.call('presets.list', {}),
      this.#bridge.call('recipes.list', {}),
      this.#bridge.call('actions.list', {}),
    ]);
    if (presets.ok) this.#presets = presets.value.presets;
    if (recipes.ok) this.#recipes = recipes.value.recipes;
    if (agents.ok) this.#agents = agents.value.agents;
  }

  #ask(): void {
    if (this.#mode === 'nodes') this.nodes.ask((offset, limit) => this.#names(offset, limit));
    else if (this.#mode === 'all') void this.#find();
  }

  async #find(): Promise<void> {
    const question = ++this.#question;
    const search = this.#search.trim();
    const none = Promise.resolve(ok({ total: 0, rows: [] }));
    const [nodes, runs] = await Promise.all([
      search === '' ? none : this.#names(0, nodesShown),
      this.#bridge.call('runs.list', { search: search.slice(0, 200), offset: 0, limit: runsShown }),
    ]);
    if (question !== this.#question) return;
    this.#findings = {
      nodes: nodes.ok ? nodes.value.rows : [],
      nodeCount: nodes.ok ? nodes.value.total : 0,
      runs: runs.ok ? runs.value.runs : [],
    };
  }

  async #names(offset: number, limit: number) {
    const filter = namesFilter(this.#search);
    if (filter === null) return ok({ total: 0, rows: [] });
    const sort = { by: 'identity', descending: false };
    const listed = await this.#bridge.call('fleet.list', { filter, columns: [], sort, offset, limit });
    if (!listed.ok) return listed;
    return ok({ total: listed.value.matching, rows: listed.value.rows.map(({ identity }) => identity) });
  }
}
