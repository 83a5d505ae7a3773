import type { BridgeClient, Counted, FactPath, FactType } from '@muster/protocol/bridge';
import { createContext } from 'svelte';
import { texts } from '../../texts/texts.ts';

/** What may begin a condition, besides names of facts and classes. */
export type Beginning = 'not' | '@identity' | '@class' | '@agent' | '@collective';

/** The words that filters of some kind are made of. */
export interface FilterWords {
  readonly beginnings: readonly Beginning[];
  factPaths(): Promise<readonly Pick<FactPath, 'value' | 'nodes'>[]>;
  classes(): Promise<readonly Counted[]>;
  /** The most frequent values of a fact. */
  values(path: string): Promise<readonly Counted[]>;
  /** What stands beside a word that so many have. */
  describe(kind: 'fact' | 'class' | 'value', count: number): string;
}

const words = texts.filter.completions;

/** The words that filters of this fleet are made of: its facts, their values, its classes. Kept until the fleet changes. */
export class FilterVocabulary implements FilterWords {
  readonly beginnings: readonly Beginning[] = ['not', '@identity', '@class', '@agent', '@collective'];
  #revision = $state.raw(0);
  readonly #bridge: BridgeClient;
  #factPaths: Promise<readonly FactPath[]> | null = null;
  #classes: Promise<readonly Counted[]> | null = null;
  #collectives: Promise<readonly Counted[]> | null = null;
  #agents: Promise<readonly Counted[]> | null = null;
  #values = new Map<string, Promise<readonly Counted[]>>();

  constructor(bridge: BridgeClient) {
    this.#bridge = bridge;
  }

  /** Grows when the words may have changed: who shows some asks again. */
  get revision(): number {
    return this.#revision;
  }

  factPaths(): Promise<readonly FactPath[]> {
    this.#factPaths ??= this.#bridge
      .call('fleet.factPaths', {})
      .then((answer) => (answer.ok ? answer.value.paths : []));
    return this.#factPaths;
  }

  classes(): Promise<readonly Counted[]> {
    this.#classes ??= this.#bridge.call('fleet.classes', {}).then((answer) => (answer.ok ? answer.value.classes : []));
    return this.#classes;
  }

  collectives(): Promise<readonly Counted[]> {
    this.#collectives ??= this.#bridge
      .call('fleet.collectives', {})
      .then((answer) => (answer.ok ? answer.value.collectives : []));
    return this.#collectives;
  }

  agents(): Promise<readonly Counted[]> {
    this.#agents ??= this.#bridge
      .call('actions.list', {})
      .then((answer) => (answer.ok ? answer.value.agents.map(({ ddl, nodes }) => ({ value: ddl.name, nodes })) : []));
    return this.#agents;
  }

  /** Of which types a fact is; none for a fact that nobody has. */
  async types(path: string): Promise<readonly FactType[]> {
    const paths = await this.factPaths();
    return paths.find(({ value }) => value === path)?.types ?? [];
  }

  /** The most frequent values of a fact. */
  values(path: string): Promise<readonly Counted[]> {
    const known = this.#values.get(path);
    if (known !== undefined) return known;
    const asked = this.#bridge
      .call('fleet.factValues', { path, limit: 100 })
      .then((answer) => (answer.ok ? answer.value.values : []));
    this.#values.set(path, asked);
    return asked;
  }

  describe(kind: 'fact' | 'class' | 'value', count: number): string {
    return kind === 'value' ? words.value(count) : `${words[kind]} · ${words.value(count)}`;
  }

  /** The fleet has changed: everything is asked for again when it is needed. */
  forget(): void {
    this.#factPaths = null;
    this.#classes = null;
    this.#collectives = null;
    this.#agents = null;
    this.#values.clear();
    this.#revision++;
  }
}

export const [useVocabulary, provideVocabulary] = createContext<FilterVocabulary>();
