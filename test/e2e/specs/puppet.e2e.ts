import { $, $$, browser, expect } from '@wdio/globals';
import { muster } from '../../integration/cli/muster-process.ts';
import { useConsole } from '../console-session.ts';
import { accessibilityFaults, complaintsOfBrowser } from '../page-health.ts';
import { puppetPage } from '../puppet-page.ts';
import { fleetSize, surroundings } from '../surroundings.ts';
import { parts } from '../test-ids.ts';
import { windowPage } from '../window-page.ts';

const reason = 'Disks are being replaced, ask Ada';

/** What the nodes themselves say of their Puppet. */
async function disabledByCommand(): Promise<ReadonlyMap<string, string>> {
  const { out } = await muster(surroundings().home, 'rpc', 'puppet', 'status', '--json');
  // `muster rpc --json` prints a document with a list of replies.
  const { replies } = JSON.parse(out) as {
    replies: { sender: string; data: { enabled?: boolean; disable_message?: string } }[];
  };
  return new Map(
    replies
      .filter(({ data }) => data.enabled === false)
      .map(({ sender, data }) => [sender, data.disable_message ?? '']),
  );
}

describe('Puppet disabled with a reason', () => {
  const link = useConsole();
  let chosen: readonly string[] = [];

  before(async () => {
    await windowPage.open(link(), fleetSize);
    await windowPage.goTo('puppet');
  });
  afterEach(async () => {
    expect(await complaintsOfBrowser()).toEqual([]);
  });

  it('shows every node once the nodes were asked', async () => {
    await puppetPage.askNodes();
    await browser.waitUntil(async () => (await puppetPage.chipCount('all')) === fleetSize);
    await expect($$(parts.puppetRow)).toBeElementsArrayOfSize(fleetSize);
    expect(await puppetPage.chipCount('disabled')).toBe(0);
    expect(await accessibilityFaults()).toEqual([]);
  });

  it('asks for the reason before it disables, and tells when it is done', async () => {
    chosen = (await puppetPage.shown()).slice(0, 3);
    await puppetPage.select(chosen);
    await $(parts.puppetAct('disable')).click();
    await $(parts.puppetDisableGo).click();
    // Without a reason nothing happens.
    await expect($(parts.puppetReason)).toHaveAttribute('aria-invalid', 'true');
    expect(await accessibilityFaults()).toEqual([]);
    await $(parts.puppetReason).setValue(reason);
    await $(parts.puppetDisableGo).click();
    await $(parts.puppetDisableDialog).waitForExist({ reverse: true });
    await puppetPage.deedIsDone('disable');
  });

  it('shows those three as disabled, and why', async () => {
    await browser.waitUntil(async () => (await puppetPage.chipCount('disabled')) === chosen.length, {
      timeout: 60_000,
    });
    await puppetPage.chip('disabled');
    await puppetPage.rowsBecome(chosen);
    for (const identity of chosen) await expect($(parts.puppetRowOf(identity))).toHaveText(new RegExp(reason));
    await $(parts.puppetRowOf(chosen[0] ?? '')).click();
    await expect($(parts.puppetNodeReason)).toHaveText(reason);
    expect(await accessibilityFaults()).toEqual([]);
    await browser.keys('Escape');
  });

  it('is what the nodes themselves say', async () => {
    expect(await disabledByCommand()).toEqual(new Map(chosen.map((identity) => [identity, reason])));
  });

  it('tells the reasons before it enables them again', async () => {
    await $(parts.puppetAct('enable')).click();
    await expect($(parts.puppetEnableReasons)).toHaveText(reason);
    await $(parts.puppetEnableGo).click();
    await puppetPage.deedIsDone('enable');
    await browser.waitUntil(async () => (await puppetPage.chipCount('disabled')) === 0, { timeout: 60_000 });
    expect(await disabledByCommand()).toEqual(new Map());
  });
});
