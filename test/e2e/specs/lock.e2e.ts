import { $, browser, expect } from '@wdio/globals';
import { startConsole, type BrowserConsole } from '../../support/browser-console.ts';
import { protectedHome, type ProtectedHome } from '../../support/protected-home.ts';
import { accessibilityFaults, complaintsOfBrowser } from '../page-health.ts';
import { fleetSize, surroundings } from '../surroundings.ts';
import { parts } from '../test-ids.ts';
import { windowPage } from '../window-page.ts';

describe('a console whose key is protected', () => {
  let home: ProtectedHome;
  let running: BrowserConsole;

  before(async () => {
    home = await protectedHome(surroundings().home);
    running = await startConsole(home.folder);
  });
  after(async () => {
    await running.stop();
    await home.remove();
  });

  async function unlock(passphrase: string): Promise<void> {
    await $(parts.unlockPassphrase).setValue(passphrase);
    await $(parts.unlock).click();
  }

  it('starts locked and shows nothing of the fleet', async () => {
    await browser.url(running.url);
    await $(parts.unlockView).waitForDisplayed();
    expect(await $(parts.unlockReason).getAttribute('data-reason')).toBe('start');
    expect(await $(parts.navigation('fleet')).isExisting()).toBe(false);
    for (const theme of ['light', 'dark']) {
      await browser.execute((worn) => (document.documentElement.dataset['theme'] = worn), theme);
      expect(await accessibilityFaults()).toEqual([]);
    }
  });

  it('refuses a wrong passphrase, and says so', async () => {
    await unlock('correct horse');
    await $(parts.unlockRefusal).waitForDisplayed({ timeout: 120_000 });
    expect(await $(parts.unlockRefusal).getAttribute('data-code')).toBe('key.wrong_passphrase');
    expect(await $(parts.unlockPassphrase).getValue()).toBe('');
    expect(await $(parts.unlockPassphrase).isFocused()).toBe(true);
    expect(await accessibilityFaults()).toEqual([]);
  });

  it('opens with the right one', async () => {
    await unlock(home.passphrase);
    await $(parts.navigation('fleet')).waitForDisplayed({ timeout: 120_000 });
    await windowPage.countBecomes(fleetSize, fleetSize);
  });

  it('shows key and certificates, and until when they hold', async () => {
    await windowPage.goTo('security');
    await $(parts.certificate).waitForDisplayed();
    expect(await $(parts.keyProtection).getAttribute('data-state')).toBe('passphrase');
    expect(await $(parts.certificate).getAttribute('data-state')).toBe('valid');
    expect(await accessibilityFaults()).toEqual([]);
  });

  it('only reads once that is said, and tells why it does no more', async () => {
    await $(parts.turnReadOnly).click();
    await $(parts.readOnly).waitForDisplayed();
    await windowPage.goTo('compose');
    await windowPage.compose('rpcutil.ping', {});
    await windowPage.run();
    await windowPage.resultsBecome(fleetSize);
    await windowPage.goTo('compose');
    await windowPage.compose('filemgr.touch', { file: '/nonexistent/muster' });
    await $(parts.runButton).waitForEnabled();
    await $(parts.runButton).click();
    await $(parts.confirmAccept).click();
    await $(parts.fault).waitForDisplayed();
    expect(await $(parts.fault).getAttribute('data-code')).toBe('console.read_only');
  });

  it('locks by hand in every tab, answers nothing then, and opens where it was', async () => {
    await windowPage.goTo('history');
    await $(parts.historyRow).waitForDisplayed();
    await $(parts.lock).click();
    await $(parts.unlockView).waitForDisplayed();
    expect(await $(parts.unlockReason).getAttribute('data-reason')).toBe('person');
    const page = await browser.execute(() => document.documentElement.outerHTML);
    expect(page).not.toContain('rpcutil');
    await browser.refresh();
    await $(parts.unlockView).waitForDisplayed();
    await unlock(home.passphrase);
    await $(parts.historyRow).waitForDisplayed({ timeout: 120_000 });
    // Until the console is started again.
    expect(await $(parts.readOnly).isDisplayed()).toBe(true);
  });

  it('gives the browser nothing to complain of', async () => {
    expect(await complaintsOfBrowser()).toEqual([]);
  });
});
