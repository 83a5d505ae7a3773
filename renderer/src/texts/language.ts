/** What a language of the window is: its own name for itself, how numbers and dates are written in it, which way it runs. */
interface LanguageTraits {
  readonly name: string;
  /** For Intl. */
  readonly locale: string;
  readonly direction: 'ltr' | 'rtl';
}

/** The languages that the window speaks. Another one gets a line here and a catalogue beside `texts/en`. */
export const languages = {
  en: { name: 'English', locale: 'en-GB', direction: 'ltr' },
  de: { name: 'Deutsch', locale: 'de-DE', direction: 'ltr' },
} as const satisfies Readonly<Record<string, LanguageTraits>>;

export type Language = keyof typeof languages;

export const isLanguage = (code: string): code is Language => Object.hasOwn(languages, code);

/**
 * The language that the page is in. It says so itself, in the `lang` of its root, which is set before any text is looked up
 * (`features/language/wear-language.ts`). English where there is no page, as in tests.
 */
export function language(): Language {
  // The types of tests know no page.
  const { document } = globalThis as { readonly document?: { readonly documentElement: { readonly lang: string } } };
  const worn = document?.documentElement.lang ?? '';
  return isLanguage(worn) ? worn : 'en';
}
