import { $, browser } from '@wdio/globals';
import { parts } from '../e2e/test-ids.ts';
import { windowPage } from '../e2e/window-page.ts';
import type { Scene } from './scene.ts';

const closeAll = async (): Promise<void> => {
  await browser.keys('Escape');
  await $(parts.palette).waitForExist({ reverse: true });
  await $(parts.shortcutSheet).waitForExist({ reverse: true });
};

const search = async (text: string): Promise<void> => {
  await closeAll();
  await windowPage.goTo('fleet');
  await browser.keys(['Control', 'k']);
  await $(parts.paletteSearch).waitForDisplayed();
  if (text !== '') await browser.keys(text);
  await $(parts.paletteItem).waitForDisplayed();
};

const openSettings = async (tab: string): Promise<void> => {
  await closeAll();
  await windowPage.goTo('settings');
  await $(parts.settingsTab(tab)).click();
};

/** The palette, the sheet of shortcuts and the settings. */
export const commandScenes: readonly Scene[] = [
  { name: 'palette', show: () => search('') },
  { name: 'palette-search', show: () => search('rpcutil') },
  {
    name: 'shortcuts',
    show: async () => {
      await closeAll();
      await browser.keys('?');
      await $(parts.shortcutSheet).waitForDisplayed();
    },
  },
  ...['appearance', 'shortcuts', 'notifications', 'console', 'log', 'about'].map((tab) => ({
    name: `settings-${tab}`,
    show: () => openSettings(tab),
  })),
];
