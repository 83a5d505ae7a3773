import { browser, expect } from '@wdio/globals';
import { fleetSize } from '../surroundings.ts';
import { windowPage } from '../window-page.ts';

describe('the shell', () => {
  it('shows the fleet', () => windowPage.countBecomes(fleetSize, fleetSize));

  it('gives the window nothing but its calls', async () => {
    const seen = await browser.execute(() => ({
      require: typeof (globalThis as Record<string, unknown>)['require'],
      process: typeof (globalThis as Record<string, unknown>)['process'],
      origin: window.location.origin,
      opened: window.open('https://example.org/') !== null,
    }));
    expect(seen).toEqual({ require: 'undefined', process: 'undefined', origin: 'muster-app://window', opened: false });
  });

  it('runs an action on all nodes', async () => {
    await windowPage.goTo('compose');
    await windowPage.compose('rpcutil.get_fact', { fact: 'os' });
    await windowPage.run();
    await windowPage.resultsBecome(fleetSize);
  });
});
