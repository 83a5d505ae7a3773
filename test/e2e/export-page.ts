import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { $, browser } from '@wdio/globals';
import { parts } from './test-ids.ts';

/** What a person does to have a report, and where the browser saves it. */
export const exportPage = {
  /** Lets the browser save into a folder without asking. */
  async saveInto(folder: string): Promise<void> {
    // Chromedriver's own command, of which the types of WebdriverIO know too little.
    await browser.sendCommand('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folder });
  },

  async open(): Promise<void> {
    await $(parts.exportButton).click();
    await $(parts.exportDialog).waitForDisplayed();
  },

  /** Exports in some form, and gives what the browser has saved once it is whole. The report is dismissed. */
  async exported(format: string, folder: string): Promise<Buffer> {
    const before = new Set(await readdir(folder));
    await $(parts.exportFormat(format)).click();
    await $(parts.exportStart).click();
    await $(parts.reportIn('ready')).waitForDisplayed({ timeout: 60_000 });
    let saved = '';
    await browser.waitUntil(
      async () => {
        const news = (await readdir(folder)).filter((name) => !before.has(name));
        [saved = ''] = news;
        return news.length === 1 && !saved.endsWith('.crdownload') && !saved.startsWith('.');
      },
      { timeout: 30_000, timeoutMsg: `No ${format} was saved` },
    );
    await $(parts.reportDismiss).click();
    await $(parts.reportIn('ready')).waitForExist({ reverse: true });
    return readFile(join(folder, saved));
  },
};
