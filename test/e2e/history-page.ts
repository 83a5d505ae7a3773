import { $, $$, browser } from '@wdio/globals';
import { parts } from './test-ids.ts';

/** What a person does with the history, for journeys to be told in their words. */
export const historyPage = {
  /** Types what the runs have to be, and confirms it; an empty text takes the condition away. */
  async choose(field: 'action' | 'person' | 'node', text: string): Promise<void> {
    await $(parts.historyField(field)).click();
    await browser.keys(['Control', 'a']);
    await browser.keys('Delete');
    for (const key of text) await browser.keys(key);
    await browser.keys('Enter');
  },

  async countBecomes(runs: number): Promise<void> {
    await browser.waitUntil(async () => (await $$(parts.historyRow).length) === runs, {
      timeout: 30_000,
      timeoutMsg: `There were not ${runs} runs`,
    });
  },

  /** Ids of the runs in sight, the newest first. */
  async ids(): Promise<readonly string[]> {
    const keys = await $$(parts.historyRow).map((row) => row.getAttribute('data-key'));
    return keys.filter((key) => key !== null);
  },

  /** Selects the run in a row, the newest being 0. */
  async tick(row: number): Promise<void> {
    const [...rows] = await $$(parts.historyRow).getElements();
    await rows[row]?.$('input[type=checkbox]').click();
  },
} as const;
