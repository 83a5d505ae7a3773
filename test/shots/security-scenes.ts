import { $ } from '@wdio/globals';
import { parts } from '../e2e/test-ids.ts';
import { windowPage } from '../e2e/window-page.ts';
import type { Scene } from './scenes.ts';

export const securityScenes: readonly Scene[] = [
  {
    name: 'security-keys',
    async show() {
      await windowPage.goTo('security');
      await $(parts.certificate).waitForDisplayed();
    },
  },
];

/** In a console whose key is protected, from its first page on: each begins where the one before it ended. */
export const lockScenes = (passphrase: string): readonly Scene[] => [
  {
    name: 'locked',
    show: () =>
      $(parts.unlockView)
        .waitForDisplayed()
        .then(() => undefined),
  },
  {
    name: 'locked-refusal',
    async show() {
      await $(parts.unlockPassphrase).setValue('wrong');
      await $(parts.unlock).click();
      await $(parts.unlockRefusal).waitForDisplayed({ timeout: 120_000 });
    },
  },
  {
    name: 'security-protected',
    async show() {
      await $(parts.unlockPassphrase).setValue(passphrase);
      await $(parts.unlock).click();
      await $(parts.navigation('security')).waitForDisplayed({ timeout: 120_000 });
      await windowPage.goTo('security');
      await $(parts.certificate).waitForDisplayed();
    },
  },
  {
    name: 'security-read-only',
    async show() {
      await $(parts.turnReadOnly).click();
      await $(parts.readOnly).waitForDisplayed();
    },
  },
];
