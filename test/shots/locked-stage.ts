import { $, browser } from '@wdio/globals';
import { surroundings } from '../e2e/surroundings.ts';
import { parts } from '../e2e/test-ids.ts';
import { windowPage } from '../e2e/window-page.ts';
import { startConsole } from '../support/browser-console.ts';
import { protectedHome } from '../support/protected-home.ts';
import type { Scene, Stage } from './scene.ts';

/** A console whose key is protected, from its first page on. */
export function lockedStage(): Stage {
  let passphrase = '';
  const unlock = async (typed: string): Promise<void> => {
    await $(parts.unlockPassphrase).setValue(typed);
    await $(parts.unlock).click();
  };
  const scenes: readonly Scene[] = [
    {
      name: 'locked',
      async show() {
        await $(parts.unlockView).waitForDisplayed();
      },
    },
    {
      name: 'locked-refusal',
      after: 'locked',
      async show() {
        await unlock('wrong');
        await $(parts.unlockRefusal).waitForDisplayed({ timeout: 120_000 });
      },
    },
    {
      name: 'security-protected',
      after: 'locked',
      async show() {
        await unlock(passphrase);
        await $(parts.navigation('security')).waitForDisplayed({ timeout: 120_000 });
        await windowPage.goTo('security');
        await $(parts.certificate).waitForDisplayed();
      },
    },
    {
      name: 'security-read-only',
      after: 'security-protected',
      async show() {
        await $(parts.turnReadOnly).click();
        await $(parts.readOnly).waitForDisplayed();
      },
    },
  ];
  return {
    title: 'a console that is locked',
    scenes,
    async enter() {
      const home = await protectedHome(surroundings().home);
      passphrase = home.passphrase;
      const locked = await startConsole(home.folder);
      await browser.url(locked.url);
      return async () => {
        await locked.stop();
        await home.remove();
      };
    },
  };
}
