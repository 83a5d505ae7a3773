import { $, browser } from '@wdio/globals';
import { parts } from '../e2e/test-ids.ts';
import { windowPage } from '../e2e/window-page.ts';
import type { Scene } from './scene.ts';

const openTab = async (tab: string, shows: string): Promise<void> => {
  await $(parts.nodeTab(tab)).click();
  await $(shows).waitForDisplayed();
};

/** The page of one node. */
export const nodeScenes: readonly Scene[] = [
  {
    name: 'node-facts',
    async show() {
      await windowPage.goTo('fleet');
      await $(parts.fleetRow).click();
      await $(parts.nodePanel).waitForDisplayed();
      await browser.keys('o');
      await $(parts.nodeView).waitForDisplayed();
    },
  },
  { name: 'node-changes', after: 'node-facts', show: () => openTab('changes', parts.nodeChanges) },
  { name: 'node-agents', after: 'node-changes', show: () => openTab('agents', parts.nodeAgentDoc('rpcutil')) },
  { name: 'node-runs', after: 'node-agents', show: () => openTab('runs', parts.historyRow) },
  {
    name: 'node-pair',
    after: 'node-runs',
    async show() {
      await openTab('compare', parts.nodeOther);
      await $(parts.nodeOther).click();
      await browser.keys('ArrowDown');
      await browser.keys('ArrowDown');
      await browser.keys('ArrowDown');
      await browser.keys('Enter');
      await $(parts.nodePairFacts).waitForDisplayed();
    },
  },
  {
    name: 'node-about',
    after: 'node-pair',
    async show() {
      await openTab('about', parts.nodeAsk);
      await $(parts.nodeAsk).click();
      await browser.waitUntil(async () => (await $(parts.nodeStatistics).getText()).includes('Answers sent'));
    },
  },
];
