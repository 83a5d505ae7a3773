import { $, browser } from '@wdio/globals';
import { parts } from '../e2e/test-ids.ts';
import { windowPage } from '../e2e/window-page.ts';
import type { Scene } from './scene.ts';

/** How the fleet does. */
export const healthScenes: readonly Scene[] = [
  {
    name: 'health',
    async show() {
      await windowPage.goTo('health');
      await browser.waitUntil(async () => (await $(parts.healthAge).getAttribute('data-current')) === 'true', {
        timeout: 60_000,
      });
      await $(parts.healthVersion).waitForDisplayed();
      if (await $(parts.healthClose).isExisting()) await $(parts.healthClose).click();
    },
  },
  {
    name: 'health-nodes',
    after: 'health',
    async show() {
      await $(parts.healthVersion).click();
      await $(parts.healthRow).waitForDisplayed();
    },
  },
];
