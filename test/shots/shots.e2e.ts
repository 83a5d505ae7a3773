import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { browser } from '@wdio/globals';
import { useConsole } from '../e2e/console-session.ts';
import { parts } from '../e2e/test-ids.ts';
import { windowPage } from '../e2e/window-page.ts';
import { chooseScenes, type Stage } from './scene.ts';
import { stages } from './stages.ts';
import { wantedNames } from './wanted-names.ts';

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

const wanted = wantedNames();

function takePictures(stage: Stage): void {
  const { shown, taken } = chooseScenes(stage.scenes, wanted);
  if (taken.size === 0) return;

  describe(`pictures of ${stage.title}`, () => {
    let leave: (() => Promise<void>) | null = null;
    let latest: string | null = null;
    before(async () => {
      await resize(sizes[0]);
      leave = await stage.enter();
    });
    after(() => leave?.());

    for (const scene of stage.scenes.filter(({ name }) => shown.has(name))) {
      it(scene.name, async () => {
        await resize(sizes[0]);
        // What the scene before left open is closed, unless this one begins there.
        if (latest !== null && latest !== scene.after) await browser.keys('Escape');
        await scene.show();
        latest = scene.name;
        if (taken.has(scene.name)) await shoot(scene.name);
      });
    }
  });
}

describe('out/shots', () => {
  const link = useConsole();

  before(() => {
    if (wanted.length === 0) rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  });

  for (const stage of stages(link)) takePictures(stage);
});
