import { $, browser } from '@wdio/globals';
import { muster } from '../integration/cli/muster-process.ts';
import { historyPage } from '../e2e/history-page.ts';
import { surroundings } from '../e2e/surroundings.ts';
import { parts } from '../e2e/test-ids.ts';
import { windowPage } from '../e2e/window-page.ts';
import type { Scene } from './scene.ts';

const ask = (...words: readonly string[]) => muster(surroundings().home, ...words);

/** The history, what people put on runs, and two runs side by side. */
export const historyScenes: readonly Scene[] = [
  {
    name: 'history-runs',
    async show() {
      await ask('rpc', 'rpcutil', 'get_fact', 'fact=kernelrelease');
      await ask('rpc', 'rpcutil', 'get_fact', 'fact=os.release.full', '-S', 'not role=db');
      await ask('runs', 'note', 'last', 'after the kernel update of Tuesday');
      await ask('runs', 'pin', 'last');
      await windowPage.goTo('history');
      await historyPage.choose('action', '');
      await $(parts.historyRow).waitForDisplayed();
    },
  },
  {
    name: 'history-selected',
    after: 'history-runs',
    async show() {
      await historyPage.choose('action', 'rpcutil.get_fact');
      await historyPage.tick(0);
      await historyPage.tick(1);
      await $(parts.historyCompare).waitForEnabled();
    },
  },
  {
    name: 'comparison',
    after: 'history-selected',
    async show() {
      await $(parts.historyCompare).click();
      await $(parts.comparisonRow).waitForDisplayed();
    },
  },
  {
    name: 'comparison-node',
    after: 'comparison',
    async show() {
      await $(parts.comparisonKind('changed')).click();
      await browser.waitUntil(async () => (await $(parts.comparisonRow).getText()).includes('Value'));
      await $(parts.comparisonRow).click();
      await $(parts.comparisonNode).waitForDisplayed();
    },
  },
  {
    name: 'run-noted',
    after: 'comparison-node',
    async show() {
      await $(parts.comparisonOpen('after')).click();
      await $(parts.runNoteLine).waitForDisplayed();
      await $(parts.runNoteButton).click();
      await $(parts.runNoteText).waitForDisplayed();
    },
  },
];
