import { $, browser, expect } from '@wdio/globals';
import { useConsole } from '../console-session.ts';
import { accessibilityFaults, complaintsOfBrowser } from '../page-health.ts';
import { pickerPage } from '../picker-page.ts';
import { fleetSize } from '../surroundings.ts';
import { parts } from '../test-ids.ts';
import { windowPage } from '../window-page.ts';

/** Something that opens above a page: how, and what of it is then there. */
interface Layer {
  readonly name: string;
  readonly open: () => Promise<unknown>;
  readonly shown: string;
}

const onFleet: readonly Layer[] = [
  { name: 'the choice of columns', open: () => $(parts.fleetColumns).click(), shown: parts.fleetColumnSearch },
  {
    name: 'a choice in the filter builder',
    open: () => $(parts.builderField('operator')).click(),
    shown: parts.anyBuilderOption('operator'),
  },
  { name: 'proposals below a field', open: () => $(parts.builderField('fact')).click(), shown: '[role="listbox"]' },
  { name: 'the dialog that selects by name', open: () => $(parts.selectByName).click(), shown: parts.selectText },
];
const onCompose: readonly Layer[] = [
  {
    name: 'a menu of the recipes',
    open: async () => {
      await $(parts.composeList('recipes')).click();
      await $(parts.recipesTransfer).click();
    },
    shown: parts.menu,
  },
];
const onRun: readonly Layer[] = [
  { name: 'the menu of nodes to run on again', open: () => $(parts.runAgainOn).click(), shown: parts.menu },
  { name: 'the dialog that exports', open: () => $(parts.exportButton).click(), shown: parts.exportStart },
  {
    name: 'the fields that groups ignore',
    open: async () => {
      await $(parts.resultsAs('groups')).click();
      await $(parts.groupsIgnore).click();
    },
    shown: parts.groupsIgnoreOption,
  },
];

function isAccessible(layers: readonly Layer[]): void {
  for (const { name, open, shown } of layers) {
    it(`is accessible: ${name}`, async () => {
      for (const theme of ['light', 'dark'] as const) {
        await windowPage.chooseTheme(theme);
        await open();
        await $(shown).waitForDisplayed();
        expect(await accessibilityFaults()).toEqual([]);
        await browser.keys('Escape');
        await $(shown).waitForExist({ reverse: true });
      }
    });
  }
}

describe('what opens above a page', () => {
  const link = useConsole();

  before(() => windowPage.open(link(), fleetSize));
  afterEach(async () => {
    expect(await complaintsOfBrowser()).toEqual([]);
  });

  describe('on the page of the fleet', () => {
    before(async () => {
      await pickerPage.openBuilder();
      await pickerPage.addCondition(0);
    });
    isAccessible(onFleet);
  });

  describe('in the composer', () => {
    before(() => windowPage.goTo('compose'));
    isAccessible(onCompose);

    it('gives what the browser will not copy, to be copied by hand', async () => {
      await $(parts.composeList('actions')).click();
      await windowPage.compose('rpcutil.ping', {});
      await browser.setPermissions({ name: 'clipboard-write' }, 'denied');
      await $(parts.copyCommand).click();
      await $(parts.refusedCopy).waitForDisplayed();
      await expect($(parts.refusedCopyText)).toHaveValue(/muster .*ping/);
      expect(await browser.execute(() => document.activeElement?.tagName)).toBe('TEXTAREA');
      expect(await accessibilityFaults()).toEqual([]);
      await browser.setPermissions({ name: 'clipboard-write' }, 'granted');
      await $(parts.refusedCopyAgain).click();
      await $(parts.refusedCopy).waitForExist({ reverse: true });
    });
  });

  describe('on a run', () => {
    before(async () => {
      await windowPage.run();
      await windowPage.resultsBecome(fleetSize);
    });
    isAccessible(onRun);
  });
});
