import { $, $$, browser } from '@wdio/globals';
import { parts, type View } from './test-ids.ts';

const viewOf: Readonly<Record<View, string>> = {
  fleet: parts.fleetView,
  compose: parts.composeView,
  history: parts.historyView,
  puppet: parts.puppetView,
  software: parts.softwareView,
  schedule: parts.scheduleView,
  catalogue: parts.catalogueView,
  health: parts.healthView,
  security: parts.securityView,
  settings: parts.settingsView,
};

/** What a person does in the window and sees there, for journeys to be told in their words. */
export const windowPage = {
  /** Opens the window by its link and waits until it shows the whole fleet. */
  async open(link: string, nodes: number): Promise<void> {
    await browser.url(link);
    await this.countBecomes(nodes, nodes);
  },

  async goTo(view: View): Promise<void> {
    await $(parts.navigation(view)).click();
    await $(viewOf[view]).waitForDisplayed();
  },

  /** Replaces the text of the filter line. */
  async typeFilter(text: string): Promise<void> {
    await $(parts.filterText).click();
    await browser.keys(['Control', 'a']);
    await browser.keys('Delete');
    for (const key of text) await browser.keys(key);
    await browser.keys('Escape');
  },

  /** Waits until the count says that so many of so many nodes match. */
  async countBecomes(matching: number, total: number): Promise<void> {
    const count = $(parts.filterCount);
    await browser.waitUntil(
      async () =>
        (await count.getAttribute('data-matching')) === String(matching) &&
        (await count.getAttribute('data-total')) === String(total),
      { timeout: 30_000, timeoutMsg: `The count did not become ${matching} of ${total}` },
    );
  },

  /** Waits until the filter that was typed is the one that counts, or is found faulty. */
  async settle(): Promise<void> {
    await browser.waitUntil(
      async () =>
        (await $(parts.filterCount).getAttribute('data-settled')) === 'true' ||
        (await $(parts.filterFault).isExisting()),
    );
  },

  /** How many nodes match, once that is settled. */
  async matching(): Promise<number> {
    await this.settle();
    return Number(await $(parts.filterCount).getAttribute('data-matching'));
  },

  /** Picks an action of the Run view, such as `rpcutil.get_fact`, and fills its form. */
  async compose(action: string, inputs: Readonly<Record<string, string>>): Promise<void> {
    await $(parts.action(action)).click();
    for (const [name, value] of Object.entries(inputs)) await $(parts.input(name)).setValue(value);
  },

  async run(): Promise<void> {
    await $(parts.runButton).waitForEnabled();
    await $(parts.runButton).click();
    await $(parts.runView).waitForDisplayed();
  },

  /** Waits until the run's grid has so many rows. */
  async resultsBecome(rows: number): Promise<void> {
    await browser.waitUntil(async () => (await $$(parts.resultRow).length) === rows, {
      timeout: 30_000,
      timeoutMsg: `There were not ${rows} answers`,
    });
  },

  async connectionBecomes(status: string, timeout: number): Promise<void> {
    await browser.waitUntil(async () => (await $(parts.connection).getAttribute('data-status')) === status, {
      timeout,
      interval: 50,
      timeoutMsg: `The connection was not shown as ${status}`,
    });
  },

  async chooseTheme(theme: 'light' | 'dark' | 'system'): Promise<void> {
    // The radio button itself is for keyboard and screen reader; a pointer meets its label.
    await $(parts.themeChoice(theme)).parentElement().click();
  },

  /** Chooses a language in the settings, and waits until the page that loads anew is in it. */
  async chooseLanguage(language: 'en' | 'de'): Promise<void> {
    await this.goTo('settings');
    await $(parts.settingsTab('appearance')).click();
    await $(parts.settingLanguage(language)).click();
    await this.languageBecomes(language);
    await $(parts.settingsView).waitForDisplayed();
  },

  /** Waits until the page says that it is in a language. */
  async languageBecomes(language: string): Promise<void> {
    await browser.waitUntil(async () => (await $('html').getAttribute('lang')) === language, {
      timeoutMsg: `The page did not become ${language}`,
    });
  },

  /** Opens a link in a tab that has nothing in common with this one, as a person does who pastes it. */
  async openInAnotherTab(link: string): Promise<void> {
    const { handle } = await browser.createWindow('tab');
    await browser.switchToWindow(handle);
    await browser.url(link);
  },

  /** The theme that the page wears. */
  wornTheme: (): Promise<string> => browser.execute(() => document.documentElement.dataset['theme'] ?? ''),
} as const;
