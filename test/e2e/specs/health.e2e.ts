import { $, $$, browser, expect } from '@wdio/globals';
import { useConsole } from '../console-session.ts';
import { accessibilityFaults, complaintsOfBrowser } from '../page-health.ts';
import { fleetSize } from '../surroundings.ts';
import { parts } from '../test-ids.ts';
import { windowPage } from '../window-page.ts';

describe('the health of the fleet', () => {
  const link = useConsole();

  const figure = async (key: string): Promise<string> => $(parts.healthLine(key)).$('b').getText();

  it('is shown as of now once the fleet was looked for', async () => {
    await windowPage.open(link(), fleetSize);
    await windowPage.goTo('health');
    await browser.waitUntil(async () => (await $(parts.healthAge).getAttribute('data-current')) === 'true', {
      timeout: 60_000,
    });
    await browser.waitUntil(async () => (await figure('heard')) === String(fleetSize), { timeout: 30_000 });
    for (const key of ['silent', 'stopped', 'skewed', 'expired', 'expiring']) expect(await figure(key)).toBe('0');
    // Every node has answered by now, and shown its certificate with that.
    expect(await figure('uncertified')).toBe('0');
    expect(await figure('unmeasured')).toBe('0');
    for (const theme of ['light', 'dark'] as const) {
      await windowPage.chooseTheme(theme);
      expect(await accessibilityFaults()).toEqual([]);
    }
  });

  it('has a list behind each figure, which leads on to a run and to a node', async () => {
    await $(parts.healthVersion).click();
    await $(parts.healthRow).waitForDisplayed();
    expect(await $(parts.healthList).getAttribute('data-total')).toBe(String(fleetSize));
    expect(await accessibilityFaults()).toEqual([]);
    const rows = await $$(parts.healthRow).getElements();
    for (const row of rows.slice(0, 2)) await row.$('input[type=checkbox]').click();
    await $(parts.healthRunOn).click();
    await $(parts.composeView).waitForDisplayed();
    await expect($(parts.targetCount)).toHaveText(/2/);
  });

  it('is found again by its address, list and all', async () => {
    await windowPage.goTo('health');
    await browser.refresh();
    await $(parts.healthList).waitForDisplayed();
    const identity = (await $(parts.healthRow).getAttribute('data-key')) ?? '';
    await $(parts.healthRow).$('[role=gridcell]:nth-child(2)').click();
    await $(parts.nodePanel).waitForDisplayed();
    await expect($(parts.nodePanel)).toHaveText(new RegExp(identity.replaceAll('.', '\\.')));
  });

  it('gives the browser nothing to complain of', async () => {
    expect(await complaintsOfBrowser()).toEqual([]);
  });
});
