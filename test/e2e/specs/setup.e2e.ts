import { $, browser, expect } from '@wdio/globals';
import { muster } from '../../integration/cli/muster-process.ts';
import { startConsole, type BrowserConsole } from '../../support/browser-console.ts';
import { startEnrolmentWorld, type EnrolmentWorld } from '../../support/enrolment-world.ts';
import { accessibilityFaults, complaintsOfBrowser } from '../page-health.ts';
import { parts } from '../test-ids.ts';
import { windowPage } from '../window-page.ts';

describe('a console that is started for the first time', () => {
  let world: EnrolmentWorld;
  let running: BrowserConsole;
  let key: string;

  // One thing after the other, for each has the time of a hook.
  before(async () => {
    world = await startEnrolmentWorld({ approvers: ['alice'] });
  });
  before(async () => {
    const file = await world.invite('alice', 'person', 'alice', '--at-once');
    const joined = await muster(world.at('alice'), 'keys', 'join', file);
    if (joined.code !== 0) throw new Error(joined.err);
  });
  before(async () => {
    const file = await world.invite('web1', 'node', 'web1.example.com', '--at-once');
    const agent = world.agent('join', file, '--out', world.at('web1'));
    if ((await agent.code) !== 0) throw new Error(agent.out());
  });
  before(() => world.runAgent('web1'));
  before(async () => {
    running = await startConsole(world.at('bob'));
  });
  after(() => running.stop());
  after(() => world.stop());

  it('asks how it reaches its fleet, in both themes', async () => {
    await browser.url(running.url);
    await $(parts.setupView).waitForDisplayed();
    expect(await $(parts.navigation('fleet')).isExisting()).toBe(false);
    for (const theme of ['light', 'dark']) {
      await browser.execute((worn) => (document.documentElement.dataset['theme'] = worn), theme);
      expect(await accessibilityFaults()).toEqual([]);
    }
  });

  it('says in the field what is wrong with what is brought', async () => {
    await $(parts.setupWay('bring')).click();
    await $(parts.setupBrought('urls')).setValue(world.broker.url);
    await $(parts.setupBrought('ca')).setValue(world.at('alice', 'ca.pem'));
    await $(parts.setupBrought('certificate')).setValue(world.at('web1', 'web1.example.com.pem'));
    await $(parts.setupBrought('key')).setValue(world.at('alice', 'alice.key'));
    await $(parts.setupBring).click();
    await $(parts.setupBroughtFault('certificate')).waitForDisplayed();
    expect(await $(parts.setupBroughtFault('certificate')).getAttribute('data-code')).toBe('certificate.role');
    expect(await accessibilityFaults()).toEqual([]);
    await $(parts.setupWay('join')).click();
  });

  it('tells what an invitation is for, and joins with it', async () => {
    const file = await world.invite('bob', 'person', 'bob');
    await $(parts.setupFile).setValue(file);
    await $(parts.setupRead).click();
    await expect($(parts.setupInvitation)).toHaveText(/bob/);
    expect(await accessibilityFaults()).toEqual([]);
    await $(parts.setupProxyToggle).click();
    await $(parts.setupProxy('url')).setValue('http://bob:secret@proxy.example.com:3128');
    await $(parts.setupJoin).click();
    await $(parts.setupProxyFault).waitForDisplayed();
    expect(await accessibilityFaults()).toEqual([]);
    // This machine is reached directly, whatever proxy is named.
    await $(parts.setupProxy('url')).setValue('http://proxy.example.com:3128');
    await $(parts.setupProxyFault).waitForExist({ reverse: true });
    await $(parts.setupJoin).click();
    await browser.waitUntil(async () => (await $(parts.setupJoining).getAttribute('data-held')) === 'true', {
      timeout: 120_000,
    });
    key = (await $(parts.setupKey).getText()).replaceAll(/\s/g, '');
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(await accessibilityFaults()).toEqual([]);
  });

  it('goes on waiting after a restart, with the same key', async () => {
    await browser.url('about:blank');
    await running.stop();
    running = await startConsole(world.at('bob'));
    await browser.url(running.url);
    await $(parts.setupKey).waitForDisplayed({ timeout: 60_000 });
    expect((await $(parts.setupKey).getText()).replaceAll(/\s/g, '')).toBe(key);
  });

  it('is tried once somebody approved, and opens', async () => {
    const approved = await muster(world.at('alice'), 'join', 'approve', key, '--yes');
    expect(approved.code).toBe(0);
    await $(parts.setupTry).waitForDisplayed({ timeout: 120_000 });
    await browser.waitUntil(async () => (await $(parts.setupTry).getAttribute('data-done')) === 'true', {
      timeout: 120_000,
    });
    expect(await $(parts.setupTryLine('discovery')).getAttribute('data-look')).toBe('ok');
    expect(await $(parts.setupTryLine('ping')).getAttribute('data-look')).toBe('ok');
    expect(await accessibilityFaults()).toEqual([]);
    await $(parts.setupStart).click();
    await windowPage.countBecomes(1, 1);
    await browser.refresh();
    await windowPage.countBecomes(1, 1);
  });

  it('gives the browser nothing to complain of', async () => {
    expect(await complaintsOfBrowser()).toEqual([]);
  });
});
