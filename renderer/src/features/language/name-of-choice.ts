import { languages } from '../../texts/language.ts';
import { texts } from '../../texts/texts.ts';
import type { LanguageChoice } from './language-choice.ts';

/** A choice as a person finds it: each language by its own name, so that those find theirs who cannot read the present one. */
export const nameOfChoice = (choice: LanguageChoice): string =>
  choice === 'system' ? texts.settings.systemLanguage : languages[choice].name;
