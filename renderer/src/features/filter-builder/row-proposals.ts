import type { BridgeClient, Counted } from '@muster/protocol/bridge';
import { texts } from '../../texts/texts.ts';
import type { ComboboxOption } from '../../ui/combobox/combobox-state.svelte.ts';
import type { FilterVocabulary } from '../filter-editor/filter-vocabulary.svelte.ts';
import type { RowSubject } from './builder-operators.ts';
import { usualDataPlugins } from './data-plugins.ts';

/** How many names of nodes are proposed. */
const namesProposed = 100;

const withCount = (values: readonly Counted[]): readonly ComboboxOption[] =>
  values.map(({ value, nodes }) => ({ value, detail: texts.nodes(nodes) }));
const plain = (values: readonly string[]): readonly ComboboxOption[] => values.map((value) => ({ value }));

/** What the fields of a row propose, from the fleet's own words. */
export class RowProposals {
  readonly #vocabulary: FilterVocabulary;
  readonly #bridge: BridgeClient;

  constructor(vocabulary: FilterVocabulary, bridge: BridgeClient) {
    this.#vocabulary = vocabulary;
    this.#bridge = bridge;
  }

  async facts(): Promise<readonly ComboboxOption[]> {
    const paths = await this.#vocabulary.factPaths();
    const { types: words } = texts.builder;
    return paths.map(({ value, nodes, types }) => ({
      value,
      detail: `${types.map((type) => words[type]).join(', ')} · ${texts.nodes(nodes)}`,
    }));
  }

  async values(path: string): Promise<readonly ComboboxOption[]> {
    return path === '' ? [] : withCount(await this.#vocabulary.values(path));
  }

  async names(subject: Exclude<RowSubject, 'fact' | 'data'>): Promise<readonly ComboboxOption[]> {
    if (subject === 'class') return withCount(await this.#vocabulary.classes());
    if (subject === 'agent') return withCount(await this.#vocabulary.agents());
    if (subject === 'collective') return withCount(await this.#vocabulary.collectives());
    const nodes = await this.#bridge.call('fleet.list', {
      filter: '',
      columns: [],
      sort: { by: '@identity', descending: false },
      offset: 0,
      limit: namesProposed,
    });
    return nodes.ok ? plain(nodes.value.rows.map(({ identity }) => identity)) : [];
  }

  plugins(): Promise<readonly ComboboxOption[]> {
    return Promise.resolve(plain(Object.keys(usualDataPlugins)));
  }

  outputs(plugin: string): Promise<readonly ComboboxOption[]> {
    return Promise.resolve(plain(usualDataPlugins[plugin] ?? []));
  }
}
