import { $, $$, browser } from '@wdio/globals';
import { parts } from '../e2e/test-ids.ts';
import { fleetSize } from '../e2e/surroundings.ts';
import { windowPage } from '../e2e/window-page.ts';
import type { Scene } from './scene.ts';

const typeFilter = async (text: string): Promise<void> => {
  await $(parts.resultsFilterText).click();
  await browser.keys(['Control', 'a']);
  await browser.keys('Delete');
  for (const key of text) await browser.keys(key);
};

/** Ticks the first rows, so many. */
const tick = async (count: number): Promise<void> => {
  const rows = await $$(parts.resultRow).getElements();
  for (const row of rows.slice(0, count)) await row.$('input').click();
};

/** Whether only nodes that answered are shown. */
const areAllOk = async (): Promise<boolean> =>
  $$(parts.resultRow).every(async (row) => (await row.getText()).includes('OK'));

/** What is done with the answers of a run, and runs that are kept as recipes. */
export const answerScenes: readonly Scene[] = [
  {
    name: 'answers',
    async show() {
      await windowPage.goTo('compose');
      await windowPage.compose('rpcutil.get_fact', { fact: 'networking.ip' });
      await windowPage.run();
      await windowPage.resultsBecome(fleetSize);
    },
  },
  {
    name: 'answers-completion',
    after: 'answers',
    async show() {
      await typeFilter('data.');
      await browser.waitUntil(
        async () => (await $(parts.completions).isExisting()) && $(parts.completions).isDisplayed(),
      );
    },
  },
  {
    name: 'answers-filter-fault',
    after: 'answers',
    async show() {
      await typeFilter('failed or value=10.1.2.3');
      await browser.keys('Escape');
      await $(parts.resultsFilterFault).waitForDisplayed();
    },
  },
  {
    name: 'answers-selected',
    after: 'answers',
    async show() {
      await typeFilter('ok');
      await browser.keys('Escape');
      await $(parts.resultsCount).waitForDisplayed();
      await browser.waitUntil(areAllOk);
      await tick(2);
      await $(parts.resultSelectionCount).waitForDisplayed();
    },
  },
  {
    name: 'answer-pair',
    after: 'answers-selected',
    async show() {
      await $(parts.selectedTool('compare')).click();
      await $(parts.answerGroupDifferences).waitForDisplayed();
    },
  },
  {
    name: 'run-again-on',
    after: 'answer-pair',
    async show() {
      await browser.keys('Escape');
      await $(parts.answerPair).waitForExist({ reverse: true });
      await $(parts.runAgainOn).click();
      await $(parts.againOn('failed')).waitForDisplayed();
    },
  },
  {
    name: 'recipe-dialog',
    async show() {
      await browser.keys('Escape');
      await windowPage.goTo('compose');
      await $(parts.composeList('actions')).click();
      await windowPage.compose('rpcutil.get_fact', { fact: 'kernelrelease' });
      await $(parts.saveRecipe).click();
      await $(parts.recipeDialog).waitForDisplayed();
      await $(parts.recipeName).setValue('What a node says');
      await $(parts.recipeAsk('fact')).click();
      await $(parts.recipeLabel('fact')).setValue('Which fact do you want to know?');
    },
  },
  {
    name: 'recipe-in-use',
    after: 'recipe-dialog',
    async show() {
      await $(parts.recipeSave).click();
      await $(parts.recipeDialog).waitForExist({ reverse: true });
      await $(parts.recipeNote).waitForDisplayed();
    },
  },
];
