import { $, $$, browser, expect } from '@wdio/globals';
import { useConsole } from '../console-session.ts';
import { complaintsOfBrowser } from '../page-health.ts';
import { fleetSize } from '../surroundings.ts';
import { parts } from '../test-ids.ts';
import { windowPage } from '../window-page.ts';

describe('from a filter to the answers', () => {
  const link = useConsole();

  afterEach(async () => {
    expect(await complaintsOfBrowser()).toEqual([]);
  });

  it('opens on the whole fleet and takes the token out of the address', async () => {
    await windowPage.open(link(), fleetSize);
    expect(await browser.getUrl()).not.toContain('token');
    await expect($$(parts.fleetRow)).toBeElementsArrayOfSize(fleetSize);
  });

  it('counts as the filter is typed', async () => {
    await windowPage.typeFilter('os.family=RedHat');
    await browser.waitUntil(async () => {
      const matching = await windowPage.matching();
      return matching > 0 && matching < fleetSize;
    });
    const matching = await windowPage.matching();
    await expect($$(parts.fleetRow)).toBeElementsArrayOfSize(matching);
    await windowPage.typeFilter('');
    await windowPage.countBecomes(fleetSize, fleetSize);
  });

  it('opens a node', async () => {
    await $(parts.fleetRow).click();
    await expect($(parts.nodePanel)).toBeDisplayed();
  });

  it('runs an action on all nodes and shows their answers', async () => {
    await windowPage.goTo('compose');
    await windowPage.compose('rpcutil.get_fact', { fact: 'os' });
    await windowPage.run();
    await windowPage.resultsBecome(fleetSize);
    await expect($(parts.runHeader)).toHaveAttribute('data-state', 'finished');
  });

  it('opens one answer', async () => {
    await $(parts.resultRow).click();
    await expect($(parts.resultPanel)).toBeDisplayed();
    await expect($(parts.resultPanel)).toHaveText(/family/);
  });

  it('still has the run after a reload', async () => {
    await browser.refresh();
    await windowPage.resultsBecome(fleetSize);
  });

  it('finds the run in the history', async () => {
    await windowPage.goTo('history');
    await expect($(parts.historyRow)).toHaveText(/get_fact/);
    await $(parts.historyRow).click();
    await windowPage.resultsBecome(fleetSize);
  });
});
