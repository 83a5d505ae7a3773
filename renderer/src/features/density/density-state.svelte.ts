import type { BridgeClient } from '@muster/protocol/bridge';
import { createContext } from 'svelte';
import { z } from 'zod';
import type { RowHeight } from '../../ui/grid/row-height.ts';
import { createPreference, type Preference } from '../preferences/preference.ts';

export const densities = ['comfortable', 'compact'] as const;
export type Density = (typeof densities)[number];

/** Where the browser keeps the choice too, so that the first paint is already right. */
const storageKey = 'muster.density';
const schema = z.enum(densities);
/** As `--row` in theme/tokens.css. */
const rowPixels: Readonly<Record<Density, number>> = { comfortable: 30, compact: 24 };

/** How closely rows and controls stand. */
export class DensityState implements RowHeight {
  #density = $state.raw<Density>('comfortable');
  readonly #root: HTMLElement;
  readonly #storage: Storage;
  readonly #preference: Preference<Density>;

  constructor(bridge: BridgeClient, window: Pick<Window, 'document' | 'localStorage'>) {
    this.#root = window.document.documentElement;
    this.#storage = window.localStorage;
    this.#preference = createPreference(bridge, 'density', schema);
    this.#show(schema.catch('comfortable').parse(this.#storage.getItem(storageKey)));
  }

  get density(): Density {
    return this.#density;
  }
  get pixels(): number {
    return rowPixels[this.#density];
  }

  /** Reads what was chosen in another browser, too. A console that is locked does not tell. */
  async read(): Promise<void> {
    const stored = await this.#preference.load();
    if (stored !== null) this.#show(stored);
  }

  choose(density: Density): void {
    this.#show(density);
    this.#preference.save(density);
  }

  #show(density: Density): void {
    this.#density = density;
    this.#storage.setItem(storageKey, density);
    this.#root.dataset['density'] = density;
  }
}

export const [useDensity, provideDensity] = createContext<DensityState>();
