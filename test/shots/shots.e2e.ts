import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { $, browser } from '@wdio/globals';
import { useConsole } from '../e2e/console-session.ts';
import { fleetSize, surroundings } from '../e2e/surroundings.ts';
import { parts } from '../e2e/test-ids.ts';
import { windowPage } from '../e2e/window-page.ts';
import { startConsole } from '../support/browser-console.ts';
import { askFleet } from '../support/fleet-control.ts';
import { protectedHome } from '../support/protected-home.ts';
import { puppetScenes } from './puppet-scenes.ts';
import { scenes } from './scenes.ts';
import { lockScenes, securityScenes } from './security-scenes.ts';

const folder = fileURLToPath(new URL('../../out/shots', import.meta.url));
const themes = ['light', 'dark'] as const;
const sizes = [
  { width: 1440, height: 900 },
  { width: 1000, height: 700 },
] as const;

async function resize({ width, height }: (typeof sizes)[number]): Promise<void> {
  await browser.sendCommand('Emulation.setDeviceMetricsOverride', {
    width,
    height,
    deviceScaleFactor: 1,
    mobile: false,
  });
}

/** Changes the theme without a pointer, which would close proposals and does not get past a dialog. */
async function wear(theme: (typeof themes)[number]): Promise<void> {
  await browser.execute(
    (choice, worn) => {
      const button = document.querySelector<HTMLElement>(choice);
      button?.click();
      // Behind a lock there is nothing to choose.
      if (button === null) document.documentElement.dataset['theme'] = worn;
    },
    parts.themeChoice(theme),
    theme,
  );
  await browser.waitUntil(async () => (await windowPage.wornTheme()) === theme);
}

async function shoot(name: string): Promise<void> {
  for (const theme of themes) {
    await wear(theme);
    for (const size of sizes) {
      await resize(size);
      await browser.saveScreenshot(join(folder, `${name}-${theme}-${size.width}x${size.height}.png`));
    }
  }
}

describe('pictures', () => {
  const link = useConsole();

  before(async () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    await resize(sizes[0]);
    await windowPage.open(link(), fleetSize);
    await shoot('first-look');
  });

  it('of a run on its way to the end', async () => {
    await windowPage.goTo('compose');
    await windowPage.compose('rpcutil.get_fact', { fact: 'os' });
    await windowPage.run();
    await shoot('run-started');
    await windowPage.resultsBecome(fleetSize);
  });

  for (const scene of [...scenes, ...puppetScenes, ...securityScenes]) {
    it(`of ${scene.name}`, async () => {
      await resize(sizes[0]);
      await scene.show();
      await shoot(scene.name);
    });
  }

  it('of a console that is locked', async () => {
    const home = await protectedHome(surroundings().home);
    const locked = await startConsole(home.folder);
    try {
      await resize(sizes[0]);
      await browser.url(locked.url);
      for (const scene of lockScenes(home.passphrase)) {
        await resize(sizes[0]);
        await scene.show();
        await shoot(scene.name);
      }
    } finally {
      await locked.stop();
      await home.remove();
    }
    await windowPage.open(link(), fleetSize);
  });

  it('of a broker that is down', async () => {
    await askFleet(surroundings().fleetSocket, 'stop-broker');
    await windowPage.connectionBecomes('down', 15_000);
    await shoot('broker-down');
    await askFleet(surroundings().fleetSocket, 'start-broker');
    await windowPage.connectionBecomes('up', 60_000);
  });

  it('of a link that was used', async () => {
    await windowPage.openInAnotherTab(link());
    await $(parts.stranger).waitForDisplayed();
    await browser.saveScreenshot(join(folder, 'link-used.png'));
  });
});
