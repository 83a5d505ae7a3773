import { $, browser } from '@wdio/globals';
import { parts } from './test-ids.ts';
import { windowPage } from './window-page.ts';

/** What a person does on the page about packages, services and resources. */
export const softwarePage = {
  /** Chooses what to ask about. */
  async choose(kind: 'package' | 'service' | 'resource' | 'updates'): Promise<void> {
    await windowPage.goTo('software');
    await $(parts.softwareKind(kind)).click();
  },

  /** Asks about something by its name, and waits until the run has ended. */
  async askAbout(kind: 'package' | 'service', name: string): Promise<void> {
    await this.choose(kind);
    await $(parts.softwareName).setValue(name);
    await $(parts.softwareAsk).waitForEnabled();
    await $(parts.softwareAsk).click();
    await this.isAnswered();
  },

  /** Asks the databases of the fleet for updates: package managers take their time, and all nodes share one machine here. */
  async askForUpdates(): Promise<void> {
    await windowPage.goTo('software');
    await browser.execute(() => {
      location.hash = '#/software?kind=updates&filter=role%3Ddb';
    });
    await $(parts.softwareAsk).waitForEnabled();
    await $(parts.softwareAsk).click();
    await this.isAnswered();
  },

  /** Waits until the run whose answers are shown has ended. */
  async isAnswered(): Promise<void> {
    await $(parts.softwareAnswers).waitForDisplayed();
    await browser.waitUntil(async () => (await $(parts.softwareAnswers).getAttribute('data-final')) === 'true', {
      timeout: 240_000,
      timeoutMsg: 'Not all nodes have answered',
    });
  },

  /** Waits until so many nodes are in a group of that version or state: groups follow the run a moment later. */
  async groupBecomes(nodes: number, state: string): Promise<void> {
    await browser.waitUntil(
      async () =>
        (await $(parts.softwareGroup).isExisting()) &&
        (await $(parts.softwareGroup).getAttribute('data-count')) === String(nodes) &&
        (await $(parts.softwareGroup).getAttribute('data-state')) === state,
      { timeout: 30_000, timeoutMsg: `There was no group of ${nodes} nodes with ${state}` },
    );
  },
} as const;
