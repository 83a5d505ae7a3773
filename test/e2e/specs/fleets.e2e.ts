import { $, $$, browser, expect } from '@wdio/globals';
import { startTwoFleets, type TwoFleets } from '../../support/two-fleets.ts';
import { accessibilityFaults, complaintsOfBrowser } from '../page-health.ts';
import { fleetSize, surroundings } from '../surroundings.ts';
import { parts } from '../test-ids.ts';
import { windowPage } from '../window-page.ts';

describe('a person with several fleets', () => {
  let running: TwoFleets;

  before(async () => {
    running = await startTwoFleets(surroundings().home);
  });
  after(() => running.stop());

  /** Waits until the window shows a fleet. */
  async function shows(name: string): Promise<void> {
    await browser.waitUntil(
      async () => {
        const present = $(parts.fleetSwitch);
        return (await present.isExisting()) && (await present.getAttribute('data-fleet')) === name;
      },
      { timeout: 60_000, timeoutMsg: `The window did not come to show ${name}` },
    );
    await $(parts.fleetView).waitForDisplayed();
  }

  async function runsInHistory(): Promise<number> {
    await windowPage.goTo('history');
    return $$(parts.historyRow).length;
  }

  it('sees on which one the window is, in its title, its colour and its sidebar', async () => {
    await browser.url(running.url);
    await shows('production');
    expect(await browser.getTitle()).toBe('production – Muster');
    expect(await $(parts.fleetStripe).getAttribute('data-colour')).toBe('red');
    await $(parts.fleetRow).waitForDisplayed({ timeout: 60_000 });
    for (const theme of ['light', 'dark']) {
      await browser.execute((worn) => (document.documentElement.dataset['theme'] = worn), theme);
      expect(await accessibilityFaults()).toEqual([]);
    }
  });

  it('switches by the keyboard alone', async () => {
    await $(parts.fleetSwitch).waitForDisplayed();
    await browser.keys('g');
    await browser.keys('x');
    await $(parts.fleetMenu).waitForDisplayed();
    expect(await accessibilityFaults()).toEqual([]);
    // The first of the others has the focus.
    await browser.keys('Enter');
    await shows('staging');
    expect(await browser.getTitle()).toBe('staging – Muster');
    expect(await $(parts.fleetStripe).isExisting()).toBe(false);
    expect(await browser.getUrl()).toMatch(/#\/fleet$/);
  });

  it('runs on the one that the window shows, and finds it in the history of that one alone', async () => {
    await windowPage.goTo('compose');
    await windowPage.compose('rpcutil.ping', {});
    await windowPage.run();
    await windowPage.resultsBecome(fleetSize);
    await windowPage.goTo('history');
    await $(parts.historyRow).waitForDisplayed();
    expect(await runsInHistory()).toBe(1);
    await browser.refresh();
    await $(parts.historyRow).waitForDisplayed();
    expect(await $(parts.fleetSwitch).getAttribute('data-fleet')).toBe('staging');
  });

  it('goes back by the palette, to a history without that run', async () => {
    await browser.keys(['Control', 'k']);
    await $(parts.paletteSearch).waitForDisplayed();
    await browser.keys('production');
    await $(parts.paletteItemOf('fleet production')).click();
    await shows('production');
    expect(await runsInHistory()).toBe(0);
    // What was composed for the other fleet did not come along.
    await windowPage.goTo('compose');
    expect(await $(parts.runButton).isEnabled()).toBe(false);
  });

  it('adds another one, which begins with its first run, and comes back from there', async () => {
    await browser.keys(['Control', 'k']);
    await $(parts.paletteSearch).waitForDisplayed();
    await browser.keys('manage fleets');
    await $(parts.paletteItemOf('command fleets.manage')).click();
    await $(parts.fleetRowOf('staging')).waitForDisplayed();
    expect(await accessibilityFaults()).toEqual([]);
    await $(parts.fleetAdd).click();
    await $(parts.fleetAddName).setValue('acme');
    expect(await accessibilityFaults()).toEqual([]);
    await $(parts.fleetAddGo).click();
    await $(parts.setupView).waitForDisplayed({ timeout: 60_000 });
    expect(await $(parts.fleetSwitch).getAttribute('data-fleet')).toBe('acme');
    expect(await accessibilityFaults()).toEqual([]);
    await $(parts.fleetSwitch).click();
    await $(parts.fleetChoice('staging')).waitForDisplayed();
    await $(parts.fleetChoice('staging')).click();
    await shows('staging');
    expect(await runsInHistory()).toBe(1);
  });

  it('gives the browser nothing to complain of', async () => {
    expect(await complaintsOfBrowser()).toEqual([]);
  });
});
