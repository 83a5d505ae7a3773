import type { BridgeClient } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';
import { createContext } from 'svelte';
import { language } from '../../texts/language.ts';
import type { Preference } from '../preferences/preference.ts';
import { keepChoice, keptChoice, languageOf, languagePreference, type LanguageChoice } from './language-choice.ts';
import type { LanguageSurroundings } from './wear-language.ts';

/** The language that was chosen. Texts are looked up once, so that another one takes a reload; the address keeps the place. */
export class LanguageState {
  #choice = $state.raw<LanguageChoice>('system');
  #fault = $state.raw<Fault | null>(null);
  /** Of the page as it was loaded. What translates pages for people changes what the page says of itself. */
  readonly #worn = language();
  readonly #surroundings: LanguageSurroundings;
  readonly #preference: Preference<LanguageChoice>;
  readonly #reload: () => void;

  constructor(bridge: BridgeClient, surroundings: LanguageSurroundings, reload: () => void) {
    this.#surroundings = surroundings;
    this.#preference = languagePreference(bridge);
    this.#reload = reload;
    this.#choice = keptChoice(surroundings.localStorage);
  }

  get choice(): LanguageChoice {
    return this.#choice;
  }
  /** Why the last choice could not be kept; null when it was. */
  get fault(): Fault | null {
    return this.#fault;
  }

  /** Reads what was chosen in another browser, where the console did not tell at the start: it was locked, or slow. */
  async read(): Promise<void> {
    const stored = await this.#preference.load();
    if (stored !== null) this.#wear(stored);
  }

  /** Keeps the choice, then reloads the window when it comes to another language. A choice that is not kept changes nothing. */
  async choose(choice: LanguageChoice): Promise<void> {
    // The page that comes after the reload asks the console, which has to know by then.
    const kept = await this.#preference.store(choice);
    this.#fault = kept.ok ? null : kept.error;
    if (kept.ok) this.#wear(choice);
  }

  #wear(choice: LanguageChoice): void {
    const { localStorage, navigator } = this.#surroundings;
    this.#choice = choice;
    keepChoice(localStorage, choice);
    if (languageOf(choice, navigator.languages) !== this.#worn) this.#reload();
  }
}

export const [useLanguage, provideLanguage] = createContext<LanguageState>();
