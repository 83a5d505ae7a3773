import { $, browser, expect } from '@wdio/globals';
import { muster } from '../../integration/cli/muster-process.ts';
import { useConsole } from '../console-session.ts';
import { accessibilityFaults, complaintsOfBrowser } from '../page-health.ts';
import { fleetSize, surroundings } from '../surroundings.ts';
import { parts } from '../test-ids.ts';
import { windowPage } from '../window-page.ts';

const name = 'Ping them all';

/** What `muster schedule list` tells of the schedules of the home. */
async function byCommand(): Promise<readonly { name: string; cron: string; paused: boolean }[]> {
  const { out } = await muster(surroundings().home, 'schedule', 'list', '--json');
  return JSON.parse(out) as { name: string; cron: string; paused: boolean }[];
}

describe('a schedule', () => {
  const link = useConsole();

  before(async () => {
    await windowPage.open(link(), fleetSize);
  });
  afterEach(async () => {
    expect(await complaintsOfBrowser()).toEqual([]);
  });

  it('is made of a run that was composed, and shows when it runs before it is saved', async () => {
    await windowPage.goTo('schedule');
    await $(parts.scheduleEmpty).waitForDisplayed();
    for (const theme of ['light', 'dark'] as const) {
      await windowPage.chooseTheme(theme);
      expect(await accessibilityFaults()).toEqual([]);
    }
    await windowPage.goTo('compose');
    await windowPage.compose('rpcutil.ping', {});
    await $(parts.scheduleOpen).waitForEnabled();
    await $(parts.scheduleOpen).click();
    await $(parts.scheduleDialog).waitForDisplayed();
    await $(parts.scheduleName).setValue(name);
    await $(parts.scheduleCron).setValue('* * * *');
    await browser.waitUntil(async () => (await $(parts.scheduleUpcoming).getAttribute('data-count')) === '0');
    await expect($(parts.scheduleSave)).toBeDisabled();
    await $(parts.scheduleCron).setValue('* * * * *');
    await browser.waitUntil(async () => (await $(parts.scheduleUpcoming).getAttribute('data-count')) === '5');
    expect(await accessibilityFaults()).toEqual([]);
    await $(parts.scheduleSave).waitForEnabled();
    await $(parts.scheduleSave).click();
    await $(parts.scheduleOf(name)).waitForDisplayed();
  });

  it('is the same on the command line', async () => {
    expect(await byCommand()).toEqual([expect.objectContaining({ name, cron: '* * * * *', paused: false })]);
  });

  it('starts a run when its time comes', async () => {
    await $(parts.scheduleOf(name)).$(parts.scheduleOccurrence('started')).waitForDisplayed({ timeout: 180_000 });
    expect(await accessibilityFaults()).toEqual([]);
    await $(parts.scheduleOf(name)).$(parts.scheduleOpenRun).click();
    await windowPage.resultsBecome(fleetSize);
  });

  it('is paused and removed', async () => {
    await windowPage.goTo('schedule');
    await $(parts.scheduleOf(name)).$(parts.scheduleTools).click();
    await $(parts.schedulePause).click();
    await browser.waitUntil(async () => (await byCommand())[0]?.paused === true, { timeout: 60_000 });
    await $(parts.scheduleOf(name)).$(parts.scheduleTools).click();
    await $(parts.scheduleRemove).click();
    await $(parts.confirmAccept).click();
    await $(parts.scheduleEmpty).waitForDisplayed();
    expect(await byCommand()).toEqual([]);
  });
});
