import type { BridgeClient } from '@muster/protocol/bridge';
import { createContext } from 'svelte';
import { z } from 'zod';
import { createPreference, type Preference } from '../preferences/preference.ts';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** Where the browser keeps the choice too, so that the first paint is already right. */
const storageKey = 'muster.theme';
const schema = z.enum(themes);

/** Light, dark, or as the system says. */
export class ThemeState {
  #theme = $state.raw<Theme>('system');
  readonly #root: HTMLElement;
  readonly #dark: MediaQueryList;
  readonly #storage: Storage;
  readonly #preference: Preference<Theme>;
  readonly #apply = () => {
    const isDark = this.#theme === 'dark' || (this.#theme === 'system' && this.#dark.matches);
    this.#root.dataset['theme'] = isDark ? 'dark' : 'light';
  };

  constructor(bridge: BridgeClient, window: Window) {
    this.#root = window.document.documentElement;
    this.#dark = window.matchMedia('(prefers-color-scheme: dark)');
    this.#storage = window.localStorage;
    this.#preference = createPreference(bridge, 'theme', schema);
    this.#theme = schema.catch('system').parse(this.#storage.getItem(storageKey));
    this.#apply();
    this.#dark.addEventListener('change', this.#apply);
  }

  /** Reads what was chosen in another browser, too. A console that is locked does not tell. */
  async read(): Promise<void> {
    const stored = await this.#preference.load();
    if (stored !== null) this.#show(stored);
  }

  get theme(): Theme {
    return this.#theme;
  }

  choose(theme: Theme): void {
    this.#show(theme);
    this.#preference.save(theme);
  }

  dispose(): void {
    this.#dark.removeEventListener('change', this.#apply);
  }

  #show(theme: Theme): void {
    this.#theme = theme;
    this.#storage.setItem(storageKey, theme);
    this.#apply();
  }
}

export const [useTheme, provideTheme] = createContext<ThemeState>();
