import type { BridgeClient, Counted } from '@muster/protocol/bridge';
import { createContext } from 'svelte';

/** The words that filters of this fleet are made of: its facts, their values, its classes. Kept until the fleet changes. */
export class FilterVocabulary {
  readonly #bridge: BridgeClient;
  #factPaths: Promise<readonly Counted[]> | null = null;
  #classes: Promise<readonly Counted[]> | null = null;
  #values = new Map<string, Promise<readonly Counted[]>>();

  constructor(bridge: BridgeClient) {
    this.#bridge = bridge;
  }

  factPaths(): Promise<readonly Counted[]> {
    this.#factPaths ??= this.#bridge
      .call('fleet.factPaths', {})
      .then((answer) => (answer.ok ? answer.value.paths : []));
    return this.#factPaths;
  }

  classes(): Promise<readonly Counted[]> {
    this.#classes ??= this.#bridge.call('fleet.classes', {}).then((answer) => (answer.ok ? answer.value.classes : []));
    return this.#classes;
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

  /** The fleet has changed: everything is asked for again when it is needed. */
  forget(): void {
    this.#factPaths = null;
    this.#classes = null;
    this.#values.clear();
  }
}

export const [useVocabulary, provideVocabulary] = createContext<FilterVocabulary>();
