import type { BridgeClient, Counted, EndpointResult, Facet } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';
import { z } from 'zod';
import { texts } from '../../texts/texts.ts';
import { createPreference, type Preference } from '../preferences/preference.ts';
import { ActiveConditions, facetKey, type FacetKind } from './active-conditions.ts';

const layoutSchema = z.object({
  facts: z.array(z.string().max(300)).max(40),
  /** Keys of the facets that show their title only. */
  folded: z.array(z.string().max(310)).max(100),
});
type FacetLayout = z.infer<typeof layoutSchema>;

/** Facts that most people want to tell nodes apart by, of which a fleet may have some. */
const usualFacts = ['os.name', 'role', 'environment', 'env', 'datacenter', 'location', 'virtual', 'os.family'];
const usualCount = 5;
/** How many values of each facet are shown at once. */
export const valuesShown = 6;

type Answer = EndpointResult<'fleet.facets'>;

/** One line of a facet. */
export interface FacetValue extends Counted {
  readonly demand: 'with' | 'without' | null;
}

export interface ShownFacet {
  readonly key: string;
  readonly facet: FacetKind;
  readonly title: string;
  readonly isFolded: boolean;
  readonly values: readonly FacetValue[];
  /** How many values there are besides. */
  readonly more: number;
}

/** What the nodes that match have in common and what tells them apart: values of facts and classes with their counts. */
export class FacetsState {
  #layout = $state.raw<FacetLayout | null>(null);
  #answer = $state.raw<Answer | null>(null);
  #fault = $state.raw<Fault | null>(null);
  #isBehind = $state.raw(false);
  #active = $state.raw(new ActiveConditions(''));
  /** Whether nobody has chosen facts yet. */
  #isUsual = false;
  #filter = '';
  #isWanted = false;
  #question = 0;
  readonly #bridge: BridgeClient;
  readonly #preference: Preference<FacetLayout>;

  constructor(bridge: BridgeClient) {
    this.#bridge = bridge;
    this.#preference = createPreference(bridge, 'fleet.facets', layoutSchema);
    void this.#loadLayout();
  }

  get facts(): readonly string[] {
    return this.#layout?.facts ?? [];
  }
  /** Null until the first answer. */
  get facets(): readonly ShownFacet[] | null {
    const answer = this.#answer;
    if (answer === null) return null;
    const words = texts.facets;
    const facts = this.facts.map((path) =>
      this.#shown(
        { kind: 'fact', path },
        path,
        answer.facts.find((facet) => facet.path === path),
      ),
    );
    return [
      ...facts,
      this.#shown({ kind: 'class' }, words.classes, answer.classes),
      this.#shown({ kind: 'agent' }, words.agents, answer.agents),
      this.#shown({ kind: 'collective' }, words.collectives, answer.collectives),
    ];
  }
  get fault(): Fault | null {
    return this.#fault;
  }
  /** Whether the counts still belong to an earlier filter. */
  get isBehind(): boolean {
    return this.#isBehind;
  }

  /** Whether anybody looks: without, nothing is asked. */
  setWanted(isWanted: boolean): void {
    if (this.#isWanted === isWanted) return;
    this.#isWanted = isWanted;
    if (isWanted) void this.#ask();
  }

  /** Counts among the nodes that match a filter, which must be readable. */
  show(filter: string): void {
    this.#filter = filter;
    this.#active = new ActiveConditions(filter);
    void this.#ask();
  }

  /** The inventory has changed. */
  refresh(): void {
    // A fleet of which nothing was known when the window opened has facts by now.
    void (this.#isUsual && this.facts.length === 0 ? this.#useUsual() : this.#ask());
  }

  toggled(facet: FacetKind, value: string, demand: 'with' | 'without'): string {
    return this.#active.toggled(facet, value, demand);
  }
  without(facet: FacetKind, value: string): string {
    return this.#active.without(facet, value);
  }
  demand(facet: FacetKind, value: string) {
    return this.#active.demand(facet, value);
  }

  chooseFacts(facts: readonly string[]): void {
    this.#keep({ folded: this.#layout?.folded ?? [], facts: [...facts] });
    void this.#ask();
  }

  async resetFacts(): Promise<void> {
    this.chooseFacts(await this.#usualFacts());
  }

  toggleFolded(key: string): void {
    const folded = this.#layout?.folded ?? [];
    const isFolded = folded.includes(key);
    this.#keep({
      facts: [...this.facts],
      folded: isFolded ? folded.filter((known) => known !== key) : [...folded, key],
    });
  }

  /** The most frequent values of one facet among the nodes that match, up to 500, the most frequent first. */
  async allValues(facet: FacetKind): Promise<readonly Counted[]> {
    return (await this.#valuesOf(facet)).toSorted((left, right) => right.nodes - left.nodes);
  }

  async #valuesOf(facet: FacetKind): Promise<readonly Counted[]> {
    const filter = this.#filter;
    const most = 500;
    switch (facet.kind) {
      case 'fact': {
        const values = await this.#bridge.call('fleet.factValues', { path: facet.path, limit: most, filter });
        return values.ok ? values.value.values : [];
      }
      case 'class': {
        const classes = await this.#bridge.call('fleet.classes', { filter });
        return classes.ok ? classes.value.classes : [];
      }
      case 'collective': {
        const collectives = await this.#bridge.call('fleet.collectives', { filter });
        return collectives.ok ? collectives.value.collectives : [];
      }
      case 'agent': {
        const facets = await this.#bridge.call('fleet.facets', { filter, paths: [], limit: most });
        return facets.ok ? facets.value.agents.values : [];
      }
    }
  }

  #shown(facet: FacetKind, title: string, found: Facet | undefined): ShownFacet {
    const key = facetKey(facet);
    const counted = found?.values ?? [];
    const active = this.#active.values(facet);
    const nodesWith = (value: string) => counted.find((known) => known.value === value)?.nodes ?? 0;
    const first = active.map((value) => ({
      value,
      nodes: nodesWith(value),
      demand: this.#active.demand(facet, value),
    }));
    const others = counted.filter(({ value }) => !active.includes(value));
    const shown = others.slice(0, Math.max(valuesShown - first.length, 0));
    return {
      key,
      facet,
      title,
      isFolded: this.#layout?.folded.includes(key) ?? false,
      values: [...first, ...shown.map((value) => ({ ...value, demand: null }))],
      more: Math.max((found?.distinct ?? 0) - shown.length - first.filter(({ nodes }) => nodes > 0).length, 0),
    };
  }

  async #usualFacts(): Promise<readonly string[]> {
    const paths = await this.#bridge.call('fleet.factPaths', {});
    const known = paths.ok ? paths.value.paths : [];
    return usualFacts.filter((fact) => known.some(({ value }) => value === fact)).slice(0, usualCount);
  }

  async #loadLayout(): Promise<void> {
    const stored = await this.#preference.load();
    if (stored === null) return this.#useUsual();
    this.#layout = stored;
    await this.#ask();
  }

  async #useUsual(): Promise<void> {
    this.#isUsual = true;
    this.#layout = { facts: [...(await this.#usualFacts())], folded: this.#layout?.folded ?? ['agent', 'collective'] };
    await this.#ask();
  }

  #keep(layout: FacetLayout): void {
    this.#isUsual = false;
    this.#layout = layout;
    this.#preference.save(layout);
  }

  async #ask(): Promise<void> {
    if (!this.#isWanted || this.#layout === null) return;
    const question = ++this.#question;
    this.#isBehind = true;
    const answer = await this.#bridge.call('fleet.facets', {
      filter: this.#filter,
      paths: [...this.facts],
      limit: valuesShown + 4,
    });
    if (question !== this.#question) return;
    this.#isBehind = false;
    this.#fault = answer.ok ? null : answer.error;
    if (answer.ok) this.#answer = answer.value;
  }
}
