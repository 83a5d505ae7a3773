import { $, browser, expect } from '@wdio/globals';
import { useConsole } from '../console-session.ts';
import { fleetSize } from '../surroundings.ts';
import { parts } from '../test-ids.ts';
import { windowPage } from '../window-page.ts';

describe('the link of the console', () => {
  const link = useConsole();

  it('opens the window once', async () => {
    await windowPage.open(link(), fleetSize);
  });

  it('says in another tab that it was used', async () => {
    await windowPage.openInAnotherTab(link());
    await expect($(parts.stranger)).toHaveText(/address|link/);
    await browser.closeWindow();
    const [first] = await browser.getWindowHandles();
    await browser.switchToWindow(first ?? '');
  });

  it('works again in its own tab', async () => {
    await browser.url(link());
    await windowPage.countBecomes(fleetSize, fleetSize);
  });
});
