import { $, $$, browser, expect } from '@wdio/globals';
import { muster } from '../../integration/cli/muster-process.ts';
import { useConsole } from '../console-session.ts';
import { accessibilityFaults, complaintsOfBrowser } from '../page-health.ts';
import { fleetSize, surroundings } from '../surroundings.ts';
import { parts } from '../test-ids.ts';
import { windowPage } from '../window-page.ts';

const filter = 'data.value=db';

/** The names that `muster runs export` writes of the newest run. */
async function exportedNames(...flags: readonly string[]): Promise<readonly string[]> {
  const { code, out, err } = await muster(surroundings().home, 'runs', 'export', 'last', '--format', 'names', ...flags);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return out.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

const shownNames = async (): Promise<readonly string[]> =>
  $$(parts.resultRow).map((row) => row.getAttribute('data-key').then((key) => key ?? ''));

async function typeFilter(text: string): Promise<void> {
  await $(parts.resultsFilterText).click();
  await browser.keys(['Control', 'a']);
  await browser.keys('Delete');
  for (const key of text) await browser.keys(key);
  await browser.keys('Escape');
}

async function selectedBecome(count: number): Promise<void> {
  await expect($(parts.resultSelectionCount)).toHaveAttribute('data-count', String(count));
}

describe('working with the answers of a run', () => {
  const link = useConsole();
  let databases: readonly string[] = [];

  before(async () => {
    await windowPage.open(link(), fleetSize);
    await windowPage.goTo('compose');
    await windowPage.compose('rpcutil.get_fact', { fact: 'role' });
    await windowPage.run();
    await windowPage.resultsBecome(fleetSize);
    await browser.waitUntil(async () => (await $(parts.runHeader).getAttribute('data-state')) === 'finished');
  });
  afterEach(async () => {
    expect(await complaintsOfBrowser()).toEqual([]);
  });

  it('points at what says nothing of an answer', async () => {
    await typeFilter('not value=db');
    await expect($(parts.resultsFilterFault)).toHaveText(/"value"/);
    expect(await accessibilityFaults()).toEqual([]);
  });

  it('filters the answers as `muster runs export --filter-replies` does', async () => {
    databases = await exportedNames('--filter-replies', filter);
    expect(databases.length).toBeGreaterThan(1);
    await typeFilter(filter);
    await windowPage.resultsBecome(databases.length);
    await expect($(parts.resultsCount)).toHaveAttribute('data-count', String(databases.length));
    expect(await shownNames()).toEqual(databases);
  });

  it('selects rows by keyboard, a range by mouse, and all', async () => {
    const rows = await $$(parts.resultRow).getElements();
    await rows[0]?.click();
    await browser.keys('Space');
    await selectedBecome(1);
    await browser.performActions([{ type: 'key', id: 'keyboard', actions: [{ type: 'keyDown', value: '\uE008' }] }]);
    await rows[rows.length - 1]?.click();
    await browser.releaseActions();
    await selectedBecome(databases.length);
    await browser.keys('Escape');
    await browser.keys('Escape');
    await $(parts.resultSelectionCount).waitForExist({ reverse: true });
    await browser.keys(['Control', 'a']);
    await selectedBecome(databases.length);
    expect(await accessibilityFaults()).toEqual([]);
  });

  it('copies what is selected', async () => {
    await $(parts.selectedTool('copy')).click();
    await $(parts.selectedCopyAs('names')).click();
    await expect($(parts.selectedCopyDone)).toHaveAttribute('data-count', String(databases.length));
  });

  it('compares two answers, and one with what most nodes answered', async () => {
    await browser.keys('Escape');
    await typeFilter('data.value=db or data.value=web');
    const wanted = await exportedNames('--filter-replies', 'data.value=db or data.value=web');
    await windowPage.resultsBecome(wanted.length);
    const [database = ''] = databases;
    const other = wanted.find((name) => !databases.includes(name)) ?? '';
    for (const name of [database, other]) await $(`${parts.resultRow}[data-key="${name}"] input`).click();
    await selectedBecome(2);
    await $(parts.selectedTool('compare')).click();
    await expect($(parts.answerPairFound)).toHaveAttribute('data-count', '1');
    await expect($(parts.answerGroupDifference('value'))).toHaveText(/db/);
    await expect($(parts.answerGroupDifference('value'))).toHaveText(/web/);
    expect(await accessibilityFaults()).toEqual([]);
    await $(parts.answerPairKind('most')).click();
    // More nodes are web servers than anything else.
    await expect($(parts.answerPairFound)).toHaveAttribute('data-count', '0');
    await browser.keys('Escape');
    await $(parts.answerPair).waitForExist({ reverse: true });
  });

  it('reaches the comparison from the detail of an answer', async () => {
    await $(parts.resultRow).click();
    await $(parts.resultCompare).click();
    await $(parts.answerPairFound).waitForDisplayed();
    await browser.keys('Escape');
    await $(parts.answerPair).waitForExist({ reverse: true });
  });

  it('runs again on what is selected, or on those in some state', async () => {
    await $(parts.selectedTool('again')).click();
    await $(parts.composeView).waitForDisplayed();
    await expect($(parts.input('fact'))).toHaveValue('role');
    await expect($(parts.targetNodes).$$('li')).toBeElementsArrayOfSize(2);
    await browser.back();
    await $(parts.runAgainOn).click();
    await $(parts.againOn('ok')).click();
    await $(parts.composeView).waitForDisplayed();
    await expect($(parts.targetCount)).toHaveAttribute('data-matching', String(fleetSize));
  });
});
