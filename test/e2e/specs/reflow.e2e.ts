import { $, browser, expect } from '@wdio/globals';
import { useConsole } from '../console-session.ts';
import { accessibilityFaults, complaintsOfBrowser } from '../page-health.ts';
import { pickerPage } from '../picker-page.ts';
import { fleetSize } from '../surroundings.ts';
import { parts } from '../test-ids.ts';
import { windowPage } from '../window-page.ts';
import {
  cutOffAtSides,
  lengthOfMovement,
  preferMotion,
  resizeWindow,
  restoreWindow,
  runningAnimations,
  sidewaysBoxes,
  sidewaysScroll,
  technicalTexts,
  turnPage,
} from '../window-shape.ts';

/** What pages are zoomed to: a window of 1280 pixels at 200, 320 and 400 %, the last of which WCAG asks for. */
const shapes = [
  { width: 640, height: 400, zoom: 2 },
  { width: 400, height: 320, zoom: 3.2 },
  { width: 320, height: 256, zoom: 4 },
] as const;

const tabsOf = (names: readonly string[], tab: (name: string) => string): [string, () => Promise<unknown>][] =>
  names.map((name) => [`the tab ${name}`, () => $(tab(name)).click()]);

/** The pages, each from the one before. */
const pages: readonly [string, () => Promise<unknown>][] = [
  ['the fleet', () => windowPage.goTo('fleet')],
  [
    'the filter builder',
    async () => {
      await windowPage.typeFilter('role=web and (os.name=Debian or (os.name=Rocky and not processors.count>=32))');
      await windowPage.settle();
      await pickerPage.openBuilder();
    },
  ],
  [
    'a node beside the fleet',
    async () => {
      await $(parts.builderToggle).click();
      await $(parts.fleetRow).click();
      await $(parts.nodePanel).waitForDisplayed();
    },
  ],
  [
    'the page of a node',
    async () => {
      await browser.execute(() => {
        const identity = document.querySelector<HTMLElement>('[data-testid="fleet-grid-row"]')?.dataset['key'];
        window.location.hash = `#/nodes/${identity}`;
      });
      await $(parts.nodeView).waitForDisplayed();
    },
  ],
  ['the choice of an action', () => windowPage.goTo('compose')],
  [
    'the form of a run',
    async () => {
      await windowPage.compose('rpcutil.get_fact', { fact: 'os' });
      await $(parts.rolloutToggle).click();
    },
  ],
  [
    'a run',
    async () => {
      await windowPage.run();
      await windowPage.resultsBecome(fleetSize);
    },
  ],
  [
    'an answer beside its run',
    async () => {
      await $(parts.resultRow).click();
      await $(parts.resultPanel).waitForDisplayed();
    },
  ],
  ['the history', () => windowPage.goTo('history')],
  ['puppet', () => windowPage.goTo('puppet')],
  ['the catalogue', () => windowPage.goTo('catalogue')],
  [
    'a page of the catalogue',
    async () => {
      await $(parts.catalogueEntry('agent.package')).click();
      await $(parts.cataloguePage).waitForDisplayed();
    },
  ],
  ['the health of the fleet', () => windowPage.goTo('health')],
  ['security', () => windowPage.goTo('security')],
  ...tabsOf(['keys', 'joins', 'policies', 'audit'], (name) => parts.securityTab(name)),
  ['settings', () => windowPage.goTo('settings')],
  ...tabsOf(['shortcuts', 'notifications', 'console', 'log', 'about'], (name) => parts.settingsTab(name)),
];

/** What a person would have to scroll sideways for, or could not reach at all. */
const sideways = async () => ({
  page: await sidewaysScroll(),
  cutOff: await cutOffAtSides(),
  boxes: await sidewaysBoxes(),
});
const nothing = { page: 0, cutOff: [], boxes: [] };

const settled = () => $('[aria-busy="true"]').waitForExist({ reverse: true });

describe('the window', () => {
  const link = useConsole();

  before(() => windowPage.open(link(), fleetSize));

  describe('a small window, or one that is zoomed in', () => {
    afterEach(async () => {
      await restoreWindow();
      expect(await complaintsOfBrowser()).toEqual([]);
    });

    for (const [name, show] of pages) {
      it(`is read downwards alone: ${name}`, async () => {
        await show();
        await settled();
        for (const shape of shapes) {
          await resizeWindow(shape);
          await browser.waitUntil(() => browser.execute((width) => window.innerWidth === width, shape.width));
          expect({ shape, ...(await sideways()) }).toEqual({ shape, ...nothing });
        }
        expect(await accessibilityFaults()).toEqual([]);
      });
    }
  });

  describe('a person who wants less motion', () => {
    after(() => preferMotion('no-preference'));

    it('sees nothing move, on any page', async () => {
      expect(await lengthOfMovement()).toBe(1);
      await preferMotion('reduce');
      expect(await lengthOfMovement()).toBeLessThan(0.001);
      for (const view of [
        'fleet',
        'compose',
        'history',
        'puppet',
        'catalogue',
        'health',
        'security',
        'settings',
      ] as const) {
        await windowPage.goTo(view);
        await settled();
        await browser.waitUntil(async () => (await runningAnimations()).length === 0, {
          timeoutMsg: `Something goes on moving in ${view}`,
        });
      }
      expect(await complaintsOfBrowser()).toEqual([]);
    });
  });

  describe('a language that runs from right to left', () => {
    let seen = 0;
    beforeEach(() => turnPage('rtl'));
    after(async () => {
      await turnPage('ltr');
      expect(seen).toBeGreaterThan(20);
    });
    afterEach(async () => {
      await restoreWindow();
      expect(await complaintsOfBrowser()).toEqual([]);
    });

    for (const [name, show] of pages) {
      it(`leaves names, code and filters as they are, and cuts nothing off: ${name}`, async () => {
        await show();
        await settled();
        expect(await sideways()).toEqual(nothing);
        const { count, turned } = await technicalTexts();
        seen += count;
        expect(turned).toEqual([]);
      });
    }
  });
});
