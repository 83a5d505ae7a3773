import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { $, $$, browser, expect } from '@wdio/globals';
import { startConsole, type BrowserConsole } from '../../support/browser-console.ts';
import { copiedHome, type CopiedHome } from '../../support/copied-home.ts';
import { accessibilityFaults, complaintsOfBrowser } from '../page-health.ts';
import { securityPage } from '../security-page.ts';
import { fleetSize, surroundings } from '../surroundings.ts';
import { parts } from '../test-ids.ts';
import { windowPage } from '../window-page.ts';

describe('the audit of a console', () => {
  let home: CopiedHome;
  let running: BrowserConsole;

  before(async () => {
    home = await copiedHome(surroundings().home);
    running = await startConsole(home.folder);
  });
  after(async () => {
    await running.stop();
    await home.remove();
  });

  const run = async (action: string, inputs: Readonly<Record<string, string>>): Promise<void> => {
    await windowPage.goTo('compose');
    await windowPage.compose(action, inputs);
    await windowPage.run();
    await windowPage.resultsBecome(fleetSize);
  };

  it('says that nothing was done yet', async () => {
    await windowPage.open(running.url, fleetSize);
    await securityPage.open('audit');
    await expect($(parts.audit)).toHaveText(/Nothing is written yet/);
    expect(await accessibilityFaults()).toEqual([]);
  });

  it('lists what was asked of the fleet, the newest first, and finds it by text', async () => {
    await run('rpcutil.get_fact', { fact: 'os' });
    await run('rpcutil.get_fact', { fact: 'role' });
    await securityPage.open('audit');
    await $(parts.auditRow).waitForDisplayed();
    await expect($(parts.auditRow)).toHaveText(/"fact":"role"/);
    await $(parts.auditSearch).setValue('"fact":"os"');
    await browser.waitUntil(async () => (await $$(parts.auditRow).length) === 1);
    await expect($(parts.auditRow)).toHaveText(/rpcutil/);
    await $(parts.auditSearch).setValue('nothing like it');
    await browser.waitUntil(async () => (await $$(parts.auditRow).length) === 0);
    await $(parts.auditSearch).setValue('request');
    await browser.waitUntil(async () => (await $$(parts.auditRow).length) === 2);
  });

  it('is found intact', async () => {
    await securityPage.verdictBecomes('intact');
    expect(await $(parts.auditDamagedHere).isExisting()).toBe(false);
    expect(await accessibilityFaults()).toEqual([]);
  });

  it('tells that somebody changed a line, and which', async () => {
    const file = join(home.folder, 'audit', 'audit-1.log');
    const written = await readFile(file, 'utf8');
    // Not the last one: nothing stands behind that yet which could tell.
    await writeFile(file, written.replace('"fact":"os"', '"fact":"id"'));
    await securityPage.verdictBecomes('damaged');
    await expect($(parts.auditDamage)).toHaveText(
      /audit-1\.log:3\s+record 2, before this line, or this one was changed/,
    );
    await $(parts.auditSearch).setValue('"role"');
    await $(parts.auditDamagedHere).waitForDisplayed();
    for (const theme of ['light', 'dark'] as const) {
      await windowPage.chooseTheme(theme);
      expect(await accessibilityFaults()).toEqual([]);
    }
  });

  it('gives the browser nothing to complain of', async () => {
    expect(await complaintsOfBrowser()).toEqual([]);
  });
});
