import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { $, browser, expect } from '@wdio/globals';
import { Webhook } from 'standardwebhooks';
import { startConsole, type BrowserConsole } from '../../support/browser-console.ts';
import { openWebhookReceiver, type WebhookReceiver } from '../../support/client/webhook-receiver.ts';
import { copiedHome, type CopiedHome } from '../../support/copied-home.ts';
import { accessibilityFaults, complaintsOfBrowser } from '../page-health.ts';
import { fleetSize, surroundings } from '../surroundings.ts';
import { parts } from '../test-ids.ts';
import { windowPage } from '../window-page.ts';

const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;

describe('whom the console tells when runs end', () => {
  let home: CopiedHome;
  let receiver: WebhookReceiver;
  let running: BrowserConsole;

  before(async () => {
    home = await copiedHome(surroundings().home);
    receiver = await openWebhookReceiver();
  });
  after(async () => {
    await running.stop();
    await receiver.close();
    await home.remove();
  });
  afterEach(async () => {
    expect(await complaintsOfBrowser()).toEqual([]);
  });

  const openTab = async (): Promise<void> => {
    await windowPage.goTo('settings');
    await $(parts.settingsTab('notifications')).click();
  };

  it('is nobody at first, and the window says how to change that', async () => {
    running = await startConsole(home.folder);
    await windowPage.open(running.url, fleetSize);
    await openTab();
    await $(parts.notifyEmpty).waitForDisplayed();
    await expect($(parts.notifyEmpty)).toHaveText(/secret_file: ops\.secret/);
    expect(await accessibilityFaults()).toEqual([]);
    // A page that is open would complain of a console that is gone.
    await browser.url('about:blank');
    await running.stop();
  });

  it('is tested by a button, which says what came back', async () => {
    await writeFile(join(home.folder, 'ops.secret'), secret, { mode: 0o600 });
    const target = `{ name: ops, url: '${receiver.url}/hidden', secret_file: ops.secret }`;
    await appendFile(join(home.folder, 'console.yaml'), `\nnotify: { webhooks: [${target}] }\n`);
    running = await startConsole(home.folder);
    await windowPage.open(running.url, fleetSize);
    await openTab();
    await $(parts.notifyTarget('ops')).waitForDisplayed();
    await expect($(parts.notifyTarget('ops'))).not.toHaveText(/hidden/);
    receiver.answer((response) => void response.writeHead(503).end('not now'));
    await $(parts.notifyTest).click();
    await $(parts.fault).waitForDisplayed();
    expect(await $(parts.fault).getAttribute('data-code')).toBe('notify.failed');
    expect(await accessibilityFaults()).toEqual([]);
    receiver.answer((response) => void response.writeHead(204).end());
    await $(parts.notifyTest).click();
    await $(parts.notifyTaken).waitForDisplayed();
    await expect($(parts.notifyTaken)).toHaveText(/HTTP 204/);
  });

  it('hears of a run, signed, and the window shows that it was delivered', async () => {
    const before = receiver.received.length;
    await windowPage.goTo('compose');
    await windowPage.compose('rpcutil.get_fact', { fact: 'os' });
    await windowPage.run();
    await windowPage.resultsBecome(fleetSize);
    await browser.waitUntil(() => receiver.received.length > before);
    const { body = '', headers = {} } = receiver.received[before] ?? {};
    const named = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
    expect(new Webhook(secret).verify(body, named)).toMatchObject({
      type: 'muster.run.finished.v1',
      data: { agent: 'rpcutil', action: 'get_fact', nodes: fleetSize, states: { ok: fleetSize } },
    });
    await openTab();
    await expect($(parts.notifyTarget('ops'))).toHaveAttribute('data-state', 'delivered');
    for (const theme of ['light', 'dark']) {
      await browser.execute((worn) => (document.documentElement.dataset['theme'] = worn), theme);
      expect(await accessibilityFaults()).toEqual([]);
    }
  });
});
