import { $, browser, expect } from '@wdio/globals';
import { useConsole } from '../console-session.ts';
import { accessibilityFaults, complaintsOfBrowser } from '../page-health.ts';
import { fleetSize } from '../surroundings.ts';
import { parts } from '../test-ids.ts';
import { windowPage } from '../window-page.ts';

describe('light and dark', () => {
  const link = useConsole();

  before(() => windowPage.open(link(), fleetSize));

  afterEach(async () => {
    expect(await complaintsOfBrowser()).toEqual([]);
  });

  for (const theme of ['dark', 'light'] as const) {
    it(`wears ${theme} and keeps it over a reload`, async () => {
      await windowPage.goTo('fleet');
      await windowPage.chooseTheme(theme);
      expect(await windowPage.wornTheme()).toBe(theme);
      await browser.refresh();
      await windowPage.countBecomes(fleetSize, fleetSize);
      expect(await windowPage.wornTheme()).toBe(theme);
    });

    it(`is accessible in ${theme}: the fleet`, async () => {
      await windowPage.goTo('fleet');
      await $(parts.fleetRow).waitForDisplayed();
      expect(await accessibilityFaults()).toEqual([]);
    });

    it(`is accessible in ${theme}: a run and its answers`, async () => {
      await windowPage.goTo('compose');
      await windowPage.compose('rpcutil.get_fact', { fact: 'os' });
      expect(await accessibilityFaults()).toEqual([]);
      await windowPage.run();
      await windowPage.resultsBecome(fleetSize);
      expect(await accessibilityFaults()).toEqual([]);
    });

    it(`is accessible in ${theme}: the history`, async () => {
      await windowPage.goTo('history');
      await $(parts.historyRow).waitForDisplayed();
      expect(await accessibilityFaults()).toEqual([]);
    });
  }
});
