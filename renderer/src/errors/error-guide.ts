import { errorGuide as german } from '../texts/de/error-guide.ts';
import { errorGuide as english } from '../texts/en/error-guide.ts';
import type { ErrorGuide } from '../texts/error-advice.ts';
import { language, type Language } from '../texts/language.ts';

/** The advice in each language. */
export const errorGuides: Readonly<Record<Language, ErrorGuide>> = { en: english, de: german };

/** What a person reads when something fails, in the language of the page. */
export const errorGuide: ErrorGuide = errorGuides[language()];
