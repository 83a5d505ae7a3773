import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { browser } from '@wdio/globals';
import { chromedriverBinary, chromiumBinary, chromiumSwitches } from '../support/chromium.ts';
import { commonSettings } from './common-settings.ts';
import { holdFleet, type HeldFleet } from './held-fleet.ts';
import { fleetSize } from './surroundings.ts';

/** Where a failed test leaves a picture of what was seen. */
const pictures = fileURLToPath(new URL('../../out/e2e-failures', import.meta.url));

let fleet: HeldFleet | null = null;

// Chromedriver's own capability, which the types of WebdriverIO do not know: what the page's console says is kept.
const keepBrowserLog = { 'goog:loggingPrefs': { browser: 'ALL' } };

export const config: WebdriverIO.Config = {
  ...commonSettings,
  specs: ['./specs/**/*.e2e.ts'],
  capabilities: [
    {
      ...keepBrowserLog,
      browserName: 'chrome',
      'wdio:enforceWebDriverClassic': true,
      'wdio:chromedriverOptions': { binary: chromedriverBinary },
      'goog:chromeOptions': { binary: chromiumBinary, args: ['--window-size=1440,900'] },
    },
  ],

  async onPrepare() {
    rmSync(pictures, { recursive: true, force: true });
    fleet = await holdFleet(fleetSize);
  },

  beforeSession(_config, capabilities) {
    const profile = mkdtempSync(join(tmpdir(), 'muster-chromium-'));
    process.once('exit', () => rmSync(profile, { recursive: true, force: true }));
    // The capabilities above are for one browser alone.
    (capabilities as WebdriverIO.Capabilities)['goog:chromeOptions']?.args?.push(...chromiumSwitches(profile));
  },

  async afterTest({ title }, _context, { passed }) {
    if (passed) return;
    mkdirSync(pictures, { recursive: true });
    await browser.saveScreenshot(join(pictures, `${title.replaceAll(/\W+/g, '-')}.png`));
  },

  onComplete: () => fleet?.release(),
};
