import { $, browser, expect } from '@wdio/globals';
import { useConsole } from '../console-session.ts';
import { accessibilityFaults, complaintsOfBrowser } from '../page-health.ts';
import { fleetSize } from '../surroundings.ts';
import { parts, type View } from '../test-ids.ts';
import { windowPage } from '../window-page.ts';

const views: readonly View[] = ['fleet', 'compose', 'history', 'puppet', 'catalogue', 'health', 'security', 'settings'];

describe('the language of the window', () => {
  const link = useConsole();

  before(() => windowPage.open(link(), fleetSize));
  afterEach(async () => {
    expect(await complaintsOfBrowser()).toEqual([]);
  });

  it('is another one where it was chosen in the settings, at the same place', async () => {
    await windowPage.languageBecomes('en');
    await windowPage.chooseLanguage('de');
    await expect($(parts.settingLanguage('de'))).toHaveText('Deutsch');
    await expect($(parts.settingsView)).toHaveAttribute('data-tab', 'appearance');
    await expect($(parts.settingLanguage('de'))).toHaveAttribute('aria-pressed', 'true');
    await expect($(parts.navigation('fleet'))).toHaveAttribute('title', 'Flotte');
  });

  it('is kept over a reload', async () => {
    await browser.refresh();
    await windowPage.languageBecomes('de');
    await expect($(parts.navigation('fleet'))).toHaveAttribute('title', 'Flotte');
  });

  it('is the one of every page, each accessible', async () => {
    for (const view of views) {
      await windowPage.goTo(view);
      // What is about to be replaced is dimmed until then.
      await $('[aria-busy="true"]').waitForExist({ reverse: true });
      expect(await accessibilityFaults()).toEqual([]);
    }
  });

  it('tells of a run and its answers', async () => {
    await windowPage.goTo('compose');
    await windowPage.compose('rpcutil.ping', {});
    await windowPage.run();
    await windowPage.resultsBecome(fleetSize);
    await expect($(parts.runView)).toHaveText(/Abgeschlossen/);
  });

  it('is English again by a command', async () => {
    await browser.keys(['Control', 'k']);
    await $(parts.paletteSearch).waitForDisplayed();
    await browser.keys('english');
    await $(parts.paletteItemOf('command language.en')).click();
    await windowPage.languageBecomes('en');
    await $(parts.runView).waitForDisplayed();
    await expect($(parts.navigation('fleet'))).toHaveAttribute('title', 'Fleet');
  });
});
