import type { BridgeClient } from '@muster/protocol/bridge';
import { z } from 'zod';
import { isLanguage, languages, type Language } from '../../texts/language.ts';
import { createPreference, type Preference } from '../preferences/preference.ts';

/* What a person chose, and what that comes to. Nothing here looks up a text: it is asked before the language is settled. */

const codes = Object.keys(languages).filter(isLanguage);

/** One of the languages, or the one that the system prefers. */
export const languageChoices = ['system', ...codes] as const;
export type LanguageChoice = (typeof languageChoices)[number];

/** Where the browser keeps the choice too, for when the console does not tell in time. */
const storageKey = 'muster.language';
const schema = z.enum(languageChoices);

/** The choice that is kept with the console, for every browser. */
export const languagePreference = (bridge: BridgeClient): Preference<LanguageChoice> =>
  createPreference(bridge, 'language', schema);

/** The choice that this browser keeps. */
export const keptChoice = (storage: Pick<Storage, 'getItem'>): LanguageChoice =>
  schema.catch('system').parse(storage.getItem(storageKey));

export const keepChoice = (storage: Pick<Storage, 'setItem'>, choice: LanguageChoice): void =>
  storage.setItem(storageKey, choice);

/** The language that a choice comes to: as the system, the first of the `preferred` ones that the window speaks, else English. */
export function languageOf(choice: LanguageChoice, preferred: readonly string[]): Language {
  if (choice !== 'system') return choice;
  const spoken = preferred.map((tag) => tag.toLowerCase().split('-', 1)[0] ?? '');
  return spoken.find(isLanguage) ?? 'en';
}
