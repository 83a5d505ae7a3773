import { german } from './de/german.ts';
import { english } from './en/english.ts';
import { language, type Language } from './language.ts';
import type { Localized } from './localized.ts';

/** Every text of the window but the advice on errors, which is in `errors/error-guide.ts`. */
export type Texts = Localized<typeof english>;

/** The catalogue of each language. */
export const catalogues: Readonly<Record<Language, Texts>> = { en: english, de: german };

/** The texts in the language of the page. They stay as long as it does: another language is another start of the window. */
export const texts: Texts = catalogues[language()];
