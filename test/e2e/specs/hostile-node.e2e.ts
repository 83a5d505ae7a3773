import { $, browser, expect } from '@wdio/globals';
import { startHostileFleet, type HostileFleet } from '../../support/agent/hostile-node.ts';
import { startConsole, type BrowserConsole } from '../../support/browser-console.ts';
import { complaintsOfBrowser } from '../page-health.ts';
import { parts } from '../test-ids.ts';
import { windowPage } from '../window-page.ts';

/** What became of the page: globals that hostile texts make, and elements that only they would bring. */
const harm = () =>
  browser.execute(() => ({
    global: 'owned' in globalThis,
    prototype: 'owned' in {},
    pictures: document.querySelectorAll('img[onerror], img[src="x"]').length,
    scripts: document.querySelectorAll('script:not([src])').length,
    links: document.querySelectorAll('a[href^="javascript:" i]').length,
  }));

describe('a node whose every word is hostile', () => {
  let fleet: HostileFleet;
  let console: BrowserConsole;

  before(async function () {
    this.timeout(240_000);
    fleet = await startHostileFleet();
    console = await startConsole(fleet.home);
  });
  after(async () => {
    await console.stop();
    await fleet.stop();
  });
  afterEach(async () => {
    expect(await harm()).toEqual({ global: false, prototype: false, pictures: 0, scripts: 0, links: 0 });
    expect(await complaintsOfBrowser()).toEqual([]);
  });

  it('is listed', async () => {
    await windowPage.open(console.url, 1);
    await expect($(parts.fleetRow)).toHaveText(/onerror/);
  });

  it('is looked at, fact by fact', async () => {
    await $(parts.fleetRow).click();
    await expect($(parts.nodePanel)).toHaveText(/<script>globalThis\.owned=true<\/script>/);
  });

  it('describes an agent', async () => {
    await windowPage.goTo('catalogue');
    await $(parts.catalogueEntry('agent.hostile')).click();
    await expect($(parts.cataloguePage)).toHaveText(/javascript:globalThis\.owned/);
  });

  it('answers', async () => {
    await windowPage.goTo('compose');
    await windowPage.compose('hostile.answer', { text: '<b>bold</b>' });
    await windowPage.run();
    await windowPage.resultsBecome(1);
    await $(parts.resultRow).click();
    await expect($(parts.resultPanel)).toHaveText(/<b>bold<\/b>/);
    await expect($(parts.resultPanel)).toHaveText(/\\u202egpj\.exe/);
  });

  for (const shape of ['groups', 'summary'] as const) {
    it(`answers what is shown as ${shape}`, async () => {
      await $(parts.resultsAs(shape)).click();
      await $(shape === 'groups' ? parts.answerGroup : parts.runSummaries).waitForDisplayed();
    });
  }

  it('refuses', async () => {
    await windowPage.goTo('compose');
    await windowPage.compose('hostile.refuse', {});
    await windowPage.run();
    await windowPage.resultsBecome(1);
    await expect($(parts.resultRow)).toHaveText(/onerror/);
  });
});
