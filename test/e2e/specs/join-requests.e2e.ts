import { $, browser, expect } from '@wdio/globals';
import { muster } from '../../integration/cli/muster-process.ts';
import { startConsole, type BrowserConsole } from '../../support/browser-console.ts';
import { keyShownIn, saysInTime, startEnrolmentWorld, type EnrolmentWorld } from '../../support/enrolment-world.ts';
import { accessibilityFaults, complaintsOfBrowser } from '../page-health.ts';
import { securityPage } from '../security-page.ts';
import { parts } from '../test-ids.ts';
import { windowPage } from '../window-page.ts';

describe('who asks to join', () => {
  let world: EnrolmentWorld;
  let running: BrowserConsole;

  before(async () => {
    world = await startEnrolmentWorld({ approvers: ['alice'] });
    const joined = await muster(
      world.at('alice'),
      'keys',
      'join',
      await world.invite('alice', 'person', 'alice', '--at-once'),
    );
    if (joined.code !== 0) throw new Error(joined.err);
    running = await startConsole(world.at('alice'));
  });
  after(async () => {
    await running.stop();
    await world.stop();
  });

  /** Asks to join as a node, and gives its process once it shows the fingerprint of its key. */
  async function ask(folder: string, identity: string) {
    const file = await world.invite(folder, 'node', 'web*.example.com');
    const agent = world.agent('join', file, '--identity', identity, '--out', world.at(folder));
    await saysInTime(agent.out, 'until a person approves');
    return { ...agent, key: keyShownIn(agent.out()) };
  }

  it('nobody does at first, and the page says how somebody would', async () => {
    await browser.url(running.url);
    await $(parts.navigation('security')).waitForDisplayed();
    await securityPage.open('joins');
    await $(parts.joinsNone).waitForDisplayed();
    await expect($(parts.joinsNone)).toHaveText(/muster ca invite/);
    expect(await accessibilityFaults()).toEqual([]);
  });

  it('a node appears with the key that it shows, joins once that is approved, and is in the fleet then', async () => {
    const web1 = await ask('web1', 'web1.example.com');
    await securityPage.joinArrives(web1.key);
    const row = $(parts.join(web1.key));
    await expect(row).toHaveText(/web1\.example\.com/);
    expect((await row.$(parts.joinKey).getText()).replaceAll(/\s/g, '')).toBe(web1.key);
    expect(await accessibilityFaults()).toEqual([]);
    await row.$(parts.joinDecide('approve')).click();
    await $(parts.confirmDialog).waitForDisplayed();
    expect((await $(parts.confirmDialog).getText()).replaceAll(/\s/g, '')).toContain(web1.key);
    expect(await accessibilityFaults()).toEqual([]);
    await $(parts.confirmCancel).click();
    await securityPage.decide(web1.key, 'approve');
    expect(await $(parts.joinDecided).getAttribute('data-decision')).toBe('approved');
    expect(await web1.code).toBe(0);
    await world.runAgent('web1');
    await windowPage.goTo('fleet');
    await windowPage.countBecomes(1, 1);
  });

  it('another is rejected, and told so', async () => {
    const web2 = await ask('web2', 'web2.example.com');
    await securityPage.open('joins');
    await securityPage.joinArrives(web2.key);
    await securityPage.decide(web2.key, 'reject');
    expect(await $(parts.joinDecided).getAttribute('data-decision')).toBe('rejected');
    expect(await web2.code).toBe(1);
    expect(web2.out()).toContain('join.rejected');
  });

  it('a machine that was set up anew says that it has a certificate, and replaces it only when that is said', async () => {
    const anew = await ask('web1-anew', 'web1.example.com');
    await securityPage.joinArrives(anew.key);
    await expect($(parts.join(anew.key)).$(parts.joinReplaces)).toBeDisplayed();
    await $(parts.join(anew.key)).$(parts.joinDecide('approve')).click();
    await expect($(parts.confirmDialog)).toHaveText(/still holds/);
    await $(parts.confirmAccept).click();
    await $(parts.join(anew.key)).waitForExist({ reverse: true, timeout: 30_000 });
    expect(await anew.code).toBe(0);
  });

  it('nobody can tell while the authority is silent, and the page says that', async () => {
    await world.stopService();
    await $(parts.joinsRefresh).click();
    await $(parts.fault).waitForDisplayed({ timeout: 60_000 });
    expect(await $(parts.fault).getAttribute('data-code')).toBe('authority.silent');
    expect(await accessibilityFaults()).toEqual([]);
  });

  it('gives the browser nothing to complain of', async () => {
    expect(await complaintsOfBrowser()).toEqual([]);
  });
});
