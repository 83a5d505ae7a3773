import { $, browser } from '@wdio/globals';
import { fleetSize } from '../e2e/surroundings.ts';
import { softwarePage } from '../e2e/software-page.ts';
import { parts } from '../e2e/test-ids.ts';
import type { Scene } from './scene.ts';

/** Packages and services across the fleet. */
export const softwareScenes: readonly Scene[] = [
  { name: 'software-empty', show: () => softwarePage.choose('package') },
  {
    name: 'software-package',
    async show() {
      await softwarePage.askAbout('package', 'bash');
      await browser.waitUntil(
        async () => (await $(parts.softwareGroup).getAttribute('data-count')) === String(fleetSize),
      );
    },
  },
  {
    name: 'software-act',
    after: 'software-package',
    async show() {
      await $(parts.softwareAct).click();
      await $(parts.softwareActOf('update')).waitForDisplayed();
    },
  },
  {
    name: 'software-service',
    async show() {
      await browser.keys('Escape');
      await softwarePage.askAbout('service', 'ssh');
      await $(parts.softwareGroup).waitForDisplayed();
    },
  },
  {
    name: 'software-updates',
    show: () => softwarePage.askForUpdates(),
  },
  { name: 'software-recent', after: 'software-service', show: () => softwarePage.choose('service') },
];
