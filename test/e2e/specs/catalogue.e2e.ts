import { $, browser, expect } from '@wdio/globals';
import { useConsole } from '../console-session.ts';
import { accessibilityFaults, complaintsOfBrowser } from '../page-health.ts';
import { fleetSize } from '../surroundings.ts';
import { parts } from '../test-ids.ts';
import { windowPage } from '../window-page.ts';

describe('the catalogue of a real fleet', () => {
  const link = useConsole();

  before(() => windowPage.open(link(), fleetSize));
  afterEach(async () => {
    expect(await complaintsOfBrowser()).toEqual([]);
  });

  for (const theme of ['dark', 'light'] as const) {
    it(`documents an agent as its nodes describe it, in ${theme}`, async () => {
      await windowPage.chooseTheme(theme);
      await windowPage.goTo('catalogue');
      await $(parts.catalogueEntry('agent.rpcutil')).click();
      await expect($(parts.cataloguePage)).toHaveAttribute('data-key', 'agent.rpcutil');
      await expect($(parts.catalogueAction('get_fact'))).toHaveText(/at most 256 characters/);
      await expect($(parts.catalogueAction('get_fact')).$(parts.catalogueExample)).toHaveText(
        'muster rpc rpcutil get_fact fact=FACT',
      );
      expect(await accessibilityFaults()).toEqual([]);
    });
  }

  it('documents the data plugins that nodes published', async () => {
    await $(parts.catalogueEntry('data.fstat')).click();
    await expect($(parts.cataloguePage)).toHaveText(/fstat\('/);
    await expect($(parts.cataloguePage)).toHaveText(new RegExp(`${fleetSize} nodes`));
  });

  it('finds by what actions do, and by keyboard', async () => {
    await browser.keys('/');
    await $(parts.catalogueSearch).setValue('get_fact');
    await expect($(parts.catalogueEntry('data.fstat'))).not.toBeExisting();
    await $(parts.catalogueSearch).setValue('');
    await browser.keys('Escape');
  });

  it('leads to the nodes and to the composer', async () => {
    await $(parts.catalogueEntry('agent.rpcutil')).click();
    await $(parts.catalogueAction('get_fact')).$(parts.catalogueRun).click();
    await $(parts.input('fact')).waitForDisplayed();
    await windowPage.goTo('catalogue');
    await $(parts.catalogueShowNodes).click();
    await windowPage.countBecomes(fleetSize, fleetSize);
  });
});
