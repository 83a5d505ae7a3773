import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch, type Browser } from 'puppeteer-core';
import { chromiumBinary, chromiumSwitches } from '../../support/chromium.ts';

/** The system's browser without a display, as the journeys have it, on a profile that goes with it. */
export async function withChromium<T>(use: (browser: Browser) => Promise<T>): Promise<T> {
  const profile = await mkdtemp(join(tmpdir(), 'muster-bench-'));
  try {
    const browser = await launch({
      executablePath: chromiumBinary,
      args: chromiumSwitches(profile),
      defaultViewport: { width: 1440, height: 900 },
    });
    try {
      return await use(browser);
    } finally {
      await browser.close();
    }
  } finally {
    await rm(profile, { recursive: true, force: true });
  }
}
