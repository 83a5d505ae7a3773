import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { $, browser, expect } from '@wdio/globals';
import { useConsole } from '../console-session.ts';
import { accessibilityFaults, complaintsOfBrowser } from '../page-health.ts';
import { fleetSize, surroundings } from '../surroundings.ts';
import { parts } from '../test-ids.ts';
import { windowPage } from '../window-page.ts';

describe('how long runs stay', () => {
  const link = useConsole();
  const file = join(surroundings().home, 'console.yaml');
  let original = '';

  const written = () => readFile(file, 'utf8');
  const part = parts.retentionPart;

  async function openSettings(): Promise<void> {
    await windowPage.goTo('settings');
    await $(parts.settingsTab('console')).click();
    await $(part('figures')).waitForDisplayed();
  }

  before(async () => {
    original = await written();
    await writeFile(file, `# Kept by hand.\n${original}`);
    await windowPage.open(link(), fleetSize);
    await windowPage.goTo('compose');
    await windowPage.compose('rpcutil.ping', {});
    await windowPage.run();
    await windowPage.resultsBecome(fleetSize);
    await openSettings();
  });
  after(() => writeFile(file, original));
  afterEach(async () => {
    expect(await complaintsOfBrowser()).toEqual([]);
  });

  it('is shown with what there is, and takes no days that are none', async () => {
    await expect($(part('figures'))).toHaveText(/[1-9]\d* runs?/);
    await expect($(part('save'))).toBeDisabled();
    await $(part('limit')).click();
    await $(part('days')).setValue('0');
    await expect($(part('days'))).toHaveAttribute('aria-invalid', 'true');
    await expect($(part('save'))).toBeDisabled();
    expect(await accessibilityFaults()).toEqual([]);
  });

  it('is written into console.yaml, with what else stands there, and holds at once', async () => {
    await $(part('days')).setValue('36000');
    await $(part('evidence')).click();
    await $(part('save')).click();
    await browser.waitUntil(async () => (await $(part('saved')).getText()) !== '');
    expect(await accessibilityFaults()).toEqual([]);
    const text = await written();
    expect(text).toContain('# Kept by hand.');
    expect(text).toMatch(/history:\s+keep: 36000\s+evidence: false/);
    await browser.refresh();
    await $(part('figures')).waitForDisplayed();
    await expect($(part('days'))).toHaveValue('36000');
    await expect($(part('evidence'))).not.toBeSelected();
  });
});
