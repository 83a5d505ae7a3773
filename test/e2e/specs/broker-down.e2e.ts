import { $, browser, expect } from '@wdio/globals';
import { askFleet } from '../../support/fleet-control.ts';
import { useConsole } from '../console-session.ts';
import { complaintsOfBrowser } from '../page-health.ts';
import { pickerPage } from '../picker-page.ts';
import { fleetSize, surroundings } from '../surroundings.ts';
import { parts } from '../test-ids.ts';
import { windowPage } from '../window-page.ts';

describe('a broker that goes and comes back', () => {
  const link = useConsole();

  before(() => windowPage.open(link(), fleetSize));
  // Whatever happened, the next file needs a broker.
  after(() => askFleet(surroundings().fleetSocket, 'start-broker'));

  it('is shown as down, with a reason, within five seconds', async () => {
    await askFleet(surroundings().fleetSocket, 'stop-broker');
    await windowPage.connectionBecomes('down', 5_000);
    await expect($(parts.outage)).toHaveText(/\w+/);
  });

  it('is used again by itself when it is back', async () => {
    await askFleet(surroundings().fleetSocket, 'start-broker');
    await windowPage.connectionBecomes('up', 60_000);
    // Nodes come back within their own pauses, each at another moment.
    await browser.waitUntil(async () => (await pickerPage.askFleet()) === fleetSize, { timeout: 60_000 });
    await windowPage.goTo('compose');
    await windowPage.compose('rpcutil.get_fact', { fact: 'os' });
    await windowPage.run();
    await windowPage.resultsBecome(fleetSize);
    expect(await complaintsOfBrowser()).toEqual([]);
  });
});
