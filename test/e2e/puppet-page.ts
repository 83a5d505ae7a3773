import { $, browser } from '@wdio/globals';
import { parts } from './test-ids.ts';

/** What a person does with Puppet in the window. */
export const puppetPage = {
  /** Asks the nodes how Puppet does on them, and waits until the page knows. */
  async askNodes(): Promise<void> {
    const before = await $(parts.puppetAge).getAttribute('data-asked-at');
    await $(parts.puppetRefresh).waitForEnabled();
    await $(parts.puppetRefresh).click();
    await browser.waitUntil(async () => (await $(parts.puppetAge).getAttribute('data-asked-at')) !== before, {
      timeout: 60_000,
      timeoutMsg: 'The nodes were not asked',
    });
  },

  /** Shows only the rows behind a chip, or all of them again. */
  chip: (key: string): Promise<void> => $(parts.puppetChip(key)).click(),

  /** The number that a chip says. */
  chipCount: async (key: string): Promise<number> => Number(await $(parts.puppetChip(key)).$('b').getText()),

  async select(identities: readonly string[]): Promise<void> {
    for (const identity of identities) await $(parts.puppetRowOf(identity)).$('input[type=checkbox]').click();
    await browser.waitUntil(
      async () => (await $(parts.puppetSelectionCount).getAttribute('data-count')) === String(identities.length),
    );
  },

  /** Waits until what was done to nodes has been answered. */
  async deedIsDone(act: 'disable' | 'enable' | 'runonce'): Promise<void> {
    await browser.waitUntil(
      async () =>
        (await $(parts.puppetDeed).isExisting()) &&
        (await $(parts.puppetDeed).getAttribute('data-act')) === act &&
        (await $(parts.puppetDeed).getAttribute('data-done')) === 'true',
      { timeout: 60_000, timeoutMsg: `${act} was not answered` },
    );
  },

  /** The nodes whose rows are in sight. */
  shown: (): Promise<readonly string[]> =>
    browser.execute(
      (row) => [...document.querySelectorAll<HTMLElement>(row)].map(({ dataset }) => dataset['key'] ?? ''),
      parts.puppetRow,
    ),

  /** Waits until exactly these nodes are in sight. */
  async rowsBecome(identities: readonly string[]): Promise<void> {
    const wanted = identities.toSorted().join();
    await browser.waitUntil(async () => (await this.shown()).toSorted().join() === wanted, {
      timeout: 60_000,
      timeoutMsg: `Not exactly ${wanted} were shown`,
    });
  },
} as const;
