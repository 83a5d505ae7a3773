import { $, browser } from '@wdio/globals';
import { parts } from './test-ids.ts';
import { windowPage } from './window-page.ts';

/** How long all nodes of the fleet may take for a question, in milliseconds: they share one machine, and each runs its package manager. */
const answersMs = 240_000;

/** How long a step may take that asks them, in milliseconds. */
export const questionMs = answersMs + 60_000;

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

  /** Waits until the run has ended, and what is shown is how it ended. */
  async isAnswered(): Promise<void> {
    await $(parts.softwareAnswered).waitForDisplayed({ timeout: answersMs, timeoutMsg: 'Not all nodes have answered' });
  },

  /** The largest group, as soon as all have answered: its version or state with its number of nodes. */
  async largestGroup(): Promise<{ readonly state: string | null; readonly nodes: number }> {
    await this.isAnswered();
    const group = $(parts.softwareGroup);
    return {
      state: await group.getAttribute('data-state'),
      nodes: Number(await group.getAttribute('data-count')),
    };
  },

  /** Opens what can be done to the nodes of the largest group. */
  async openActs(): Promise<void> {
    await $(parts.softwareAct).click();
    await $(parts.menu).waitForDisplayed();
  },

  /** Closes what a step has left open: one that fails is not to fell those after it. */
  async closeActs(): Promise<void> {
    if (!(await $(parts.menu).isExisting())) return;
    await browser.keys('Escape');
    await $(parts.menu).waitForExist({ reverse: true });
  },
} as const;
