import type { BridgeClient } from '@muster/protocol/bridge';
import { languages } from '../../texts/language.ts';
import { keepChoice, keptChoice, languageOf, languagePreference } from './language-choice.ts';

/** The console is waited for no longer than this, in milliseconds; what it tells later holds from the next start on. */
const waitMs = 400;

/** What of the browser's window decides about its language. */
export interface LanguageSurroundings {
  readonly localStorage: Pick<Storage, 'getItem' | 'setItem'>;
  readonly navigator: Pick<Navigator, 'languages'>;
}

/**
 * Settles the language of a page, which says it in its root from then on. To be awaited before any module is loaded that
 * looks up texts. The console knows what another browser chose, or this one at another address; it tells nothing when it
 * is locked or cannot be reached. Then what this browser kept holds.
 */
export async function wearLanguage(
  root: Pick<HTMLElement, 'lang' | 'dir'>,
  { localStorage, navigator }: LanguageSurroundings,
  bridge: BridgeClient,
  pause: (ms: number) => Promise<void>,
): Promise<void> {
  const told = languagePreference(bridge)
    .load()
    .then((choice) => {
      if (choice !== null) keepChoice(localStorage, choice);
    });
  await Promise.race([told, pause(waitMs)]);
  const language = languageOf(keptChoice(localStorage), navigator.languages);
  root.lang = language;
  root.dir = languages[language].direction;
}
