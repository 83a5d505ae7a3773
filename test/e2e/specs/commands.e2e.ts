import { $, browser, expect } from '@wdio/globals';
import { useConsole } from '../console-session.ts';
import { accessibilityFaults, complaintsOfBrowser } from '../page-health.ts';
import { fleetSize } from '../surroundings.ts';
import { parts } from '../test-ids.ts';
import { windowPage } from '../window-page.ts';

const settingsTabs = ['appearance', 'shortcuts', 'notifications', 'fleets', 'console', 'log', 'about'];

describe('commands by name and by key', () => {
  const link = useConsole();

  before(() => windowPage.open(link(), fleetSize));
  afterEach(async () => {
    expect(await complaintsOfBrowser()).toEqual([]);
  });

  it('leads to a node by a part of its name, without the mouse', async () => {
    await $(parts.fleetRow).waitForDisplayed();
    const identity = (await $(parts.fleetRow).getAttribute('data-key')) ?? '';
    await browser.keys(['Control', 'k']);
    await $(parts.paletteSearch).waitForDisplayed();
    await browser.keys(identity);
    await $(parts.paletteItemOf(`node ${identity}`)).waitForDisplayed();
    await browser.keys('Enter');
    await $(parts.nodePanel).waitForDisplayed();
    await expect($(parts.palette)).not.toBeExisting();
    expect(await browser.getUrl()).toContain(`node=${identity}`);
  });

  it('composes a run of an action that was looked for', async () => {
    await browser.keys(['Control', 'k']);
    await $(parts.paletteSearch).waitForDisplayed();
    await browser.keys('rpcutil.ping');
    await $(parts.paletteItemOf('action rpcutil ping')).click();
    await $(parts.composeView).waitForDisplayed();
    await $(parts.runButton).waitForEnabled();
  });

  for (const theme of ['dark', 'light'] as const) {
    it(`is accessible in ${theme}: palette, sheet and settings`, async () => {
      await windowPage.chooseTheme(theme);
      await browser.keys(['Control', 'k']);
      await $(parts.paletteItem).waitForDisplayed();
      expect(await accessibilityFaults()).toEqual([]);
      await browser.keys('Escape');
      await $(parts.palette).waitForExist({ reverse: true });
      await browser.keys('?');
      await $(parts.shortcutSheet).waitForDisplayed();
      expect(await accessibilityFaults()).toEqual([]);
      await browser.keys('Escape');
      await $(parts.shortcutSheet).waitForExist({ reverse: true });
      await windowPage.goTo('settings');
      for (const tab of settingsTabs) {
        await $(parts.settingsTab(tab)).click();
        await expect($(parts.settingsView)).toHaveAttribute('data-tab', tab);
        expect(await accessibilityFaults()).toEqual([]);
      }
    });
  }

  it('takes other keys, tells whom they are taken from, and the usual ones again', async () => {
    await windowPage.goTo('settings');
    await $(parts.settingsTab('shortcuts')).click();
    const line = $(parts.keymapLine('fleet.refresh'));
    await line.$(parts.keymapChange).click();
    await $(parts.recordField).waitForDisplayed();
    await browser.keys('g');
    await browser.keys('h');
    await expect($(parts.recordSays)).toHaveText(/History/);
    await $(parts.recordUse).click();
    await expect(line).toHaveAttribute('data-shortcuts', 'g h');
    await expect($(parts.keymapLine('go.history'))).toHaveAttribute('data-shortcuts', 'mod+3');
    await browser.refresh();
    await expect($(parts.keymapLine('fleet.refresh'))).toHaveAttribute('data-shortcuts', 'g h');
    await $(parts.keymapResetAll).click();
    await expect($(parts.keymapLine('go.history'))).toHaveAttribute('data-shortcuts', 'g h,mod+3');
    await browser.keys('g');
    await browser.keys('h');
    await $(parts.historyView).waitForDisplayed();
  });

  it('lets rows stand closer, and keeps that over a reload', async () => {
    const rowHeight = async () => {
      await windowPage.goTo('fleet');
      await $(parts.fleetRow).waitForDisplayed();
      return $(parts.fleetRow).getSize('height');
    };
    const usual = await rowHeight();
    await windowPage.goTo('settings');
    await $(parts.settingsTab('appearance')).click();
    await $(parts.settingDensity('compact')).click();
    expect(await rowHeight()).toBeLessThan(usual);
    await browser.refresh();
    expect(await rowHeight()).toBeLessThan(usual);
    await windowPage.goTo('settings');
    await $(parts.settingDensity('comfortable')).click();
    expect(await rowHeight()).toBe(usual);
  });

  it('shows the same in another window', async () => {
    await windowPage.goTo('fleet');
    await windowPage.typeFilter('@identity=*');
    await windowPage.settle();
    const first = await browser.getWindowHandle();
    await browser.keys(['Control', 'k']);
    await $(parts.paletteSearch).waitForDisplayed();
    await browser.keys('new window');
    await $(parts.paletteItemOf('command page.newWindow')).click();
    await browser.waitUntil(async () => (await browser.getWindowHandles()).length === 2);
    const second = (await browser.getWindowHandles()).find((handle) => handle !== first) ?? '';
    await browser.switchToWindow(second);
    await windowPage.countBecomes(fleetSize, fleetSize);
    expect(await browser.getUrl()).toContain('filter=');
    await browser.closeWindow();
    await browser.switchToWindow(first);
    await windowPage.countBecomes(fleetSize, fleetSize);
  });
});
