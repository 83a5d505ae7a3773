import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { $, browser } from '@wdio/globals';
import { fleetSize, surroundings } from '../e2e/surroundings.ts';
import { parts } from '../e2e/test-ids.ts';
import { windowPage } from '../e2e/window-page.ts';
import { openWebhookReceiver, type WebhookReceiver } from '../support/client/webhook-receiver.ts';
import { startTwoFleets } from '../support/two-fleets.ts';
import type { Scene, Stage } from './scene.ts';

const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;

/** Tells one receiver that is there and one that is not. */
const notifySection = ({ url }: WebhookReceiver): string => `
notify:
  webhooks:
    - { name: ops, url: '${url}/muster', secret_file: ops.secret, on: [finished, failed] }
    - { name: pager, url: 'https://127.0.0.1:1/muster', on: [finished] }
  mail:
    server: mail.example.com
    from: muster@example.com
    to: [team@example.com]
    on: [threshold]
`;

const openTab = async (tab: string): Promise<void> => {
  await windowPage.goTo('settings');
  await $(parts.settingsTab(tab)).click();
};

/** A console with two fleets, the first of which tells others of its runs. */
export function fleetsStage(): Stage {
  const scenes: readonly Scene[] = [
    {
      name: 'fleets-menu',
      async show() {
        await $(parts.fleetSwitch).click();
        await $(parts.fleetMenu).waitForDisplayed();
      },
    },
    {
      name: 'settings-fleets',
      async show() {
        await openTab('fleets');
        await $(parts.fleetRowOf('staging')).waitForDisplayed();
      },
    },
    {
      name: 'settings-fleet-new',
      after: 'settings-fleets',
      async show() {
        await $(parts.fleetAdd).click();
        await $(parts.fleetAddName).setValue('acme');
      },
    },
    {
      name: 'notifications-set-up',
      async show() {
        await openTab('notifications');
        await $(parts.notifyTarget('ops')).waitForDisplayed();
      },
    },
    {
      name: 'notifications-told',
      async show() {
        await windowPage.goTo('compose');
        await windowPage.compose('rpcutil.get_fact', { fact: 'os' });
        await windowPage.run();
        await windowPage.resultsBecome(fleetSize);
        await openTab('notifications');
        await browser.waitUntil(
          async () =>
            (await $(parts.notifyTarget('ops')).getAttribute('data-state')) === 'delivered' &&
            (await $(parts.notifyTarget('pager')).getText()).includes('ECONNREFUSED'),
        );
        await $(parts.notifyTarget('ops')).$(parts.notifyTest).click();
        await $(parts.notifyTaken).waitForDisplayed();
      },
    },
  ];
  return {
    title: 'a console with two fleets',
    scenes,
    async enter() {
      const receiver = await openWebhookReceiver();
      const running = await startTwoFleets(surroundings().home, async (home) => {
        await writeFile(join(home, 'ops.secret'), secret, { mode: 0o600 });
        await appendFile(join(home, 'console.yaml'), notifySection(receiver));
      });
      await browser.url(running.url);
      await $(parts.fleetRow).waitForDisplayed({ timeout: 60_000 });
      return async () => {
        await running.stop();
        await receiver.close();
      };
    },
  };
}
