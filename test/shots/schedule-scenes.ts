import { $, browser } from '@wdio/globals';
import { parts } from '../e2e/test-ids.ts';
import { windowPage } from '../e2e/window-page.ts';
import type { Scene } from './scene.ts';

/** Runs that are started by the clock. */
export const scheduleScenes: readonly Scene[] = [
  { name: 'schedule-empty', show: () => windowPage.goTo('schedule') },
  {
    name: 'schedule-new',
    async show() {
      await windowPage.goTo('compose');
      await $(parts.composeList('actions')).click();
      await windowPage.compose('rpcutil.ping', {});
      await $(parts.scheduleOpen).waitForEnabled();
      await $(parts.scheduleOpen).click();
      await $(parts.scheduleName).setValue('Nightly ping');
      await browser.waitUntil(async () => (await $(parts.scheduleUpcoming).getAttribute('data-count')) === '5');
    },
  },
  {
    name: 'schedule',
    after: 'schedule-new',
    async show() {
      await $(parts.scheduleSave).click();
      await $(parts.scheduleOf('Nightly ping')).waitForDisplayed();
    },
  },
];
