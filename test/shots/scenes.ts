import { $, $$, browser } from '@wdio/globals';
import { parts } from '../e2e/test-ids.ts';
import { pickerPage } from '../e2e/picker-page.ts';
import { rolloutPage } from '../e2e/rollout-page.ts';
import { fleetSize } from '../e2e/surroundings.ts';
import { windowPage } from '../e2e/window-page.ts';
import type { Scene } from './scene.ts';

const filterBy = async (filter: string): Promise<void> => {
  await windowPage.typeFilter(filter);
  await windowPage.settle();
};

const openFleet = async (filter: string): Promise<void> => {
  await windowPage.goTo('fleet');
  if (await $(parts.builder).isExisting()) await $(parts.builderToggle).click();
  await filterBy(filter);
};

const compose = async (action: string, inputs: Readonly<Record<string, string>>): Promise<void> => {
  await windowPage.goTo('compose');
  await windowPage.compose(action, inputs);
};

const openRun = async (): Promise<void> => {
  await windowPage.goTo('history');
  await $(parts.historyRow).click();
  await $(parts.resultRow).waitForDisplayed();
};

const openFirst = async (row: string, panel: string): Promise<void> => {
  await $(row).click();
  await $(panel).waitForDisplayed();
};

/** The views, on a fleet that answers. */
export const scenes: readonly Scene[] = [
  { name: 'first-look', show: () => windowPage.countBecomes(fleetSize, fleetSize) },
  { name: 'run-nothing-chosen', show: () => windowPage.goTo('compose') },
  {
    name: 'run-started',
    async show() {
      await compose('rpcutil.get_fact', { fact: 'os' });
      await windowPage.run();
    },
  },
  { name: 'fleet', show: () => openFleet('') },
  { name: 'fleet-filtered', show: () => openFleet('os.family=RedHat') },
  { name: 'fleet-filter-fault', show: () => openFleet('os.family=(RedHat') },
  { name: 'fleet-no-match', show: () => openFleet('os.family=BeOS') },
  {
    name: 'fleet-completion',
    async show() {
      await openFleet('');
      await $(parts.filterText).click();
      for (const key of 'os.') await browser.keys(key);
      await browser.waitUntil(
        async () => (await $(parts.completions).isExisting()) && $(parts.completions).isDisplayed(),
      );
    },
  },
  {
    name: 'fleet-node',
    async show() {
      await openFleet('');
      await openFirst(parts.fleetRow, parts.nodePanel);
    },
  },
  {
    name: 'fleet-columns',
    async show() {
      await openFleet('');
      await $(parts.fleetColumns).click();
      await $(parts.fleetColumnSearch).waitForDisplayed();
    },
  },
  {
    name: 'fleet-more-values',
    after: 'fleet',
    async show() {
      await $(parts.facetMore).click();
      await $(parts.facetSearch).waitForDisplayed();
    },
  },
  {
    name: 'fleet-selection',
    async show() {
      await openFleet('');
      const rows = await $$(parts.fleetRow).getElements();
      for (const row of rows.slice(2, 6)) await row.$('input[type=checkbox]').click();
    },
  },
  {
    name: 'fleet-builder',
    async show() {
      await openFleet('os.family=RedHat and (role=web or (role=db and not processors.count>=32))');
      await pickerPage.openBuilder();
    },
  },
  { name: 'fleet-builder-behind', after: 'fleet-builder', show: () => filterBy('os.family=RedHat and (role=web or') },
  {
    name: 'fleet-builder-proposals',
    after: 'fleet-builder',
    async show() {
      await filterBy('os.family=RedHat');
      await $(parts.builderField('value')).click();
      await $(parts.builderOption('value', 'RedHat')).waitForDisplayed();
    },
  },
  {
    name: 'fleet-facets',
    async show() {
      await openFleet('role=web and not os.family=RedHat');
    },
  },
  {
    name: 'fleet-asked',
    async show() {
      await openFleet('role=web');
      await pickerPage.askFleet();
    },
  },
  {
    name: 'fleet-presets',
    async show() {
      await openFleet('role=db');
      await pickerPage.savePreset('Databases');
      await pickerPage.pin('preset', 'Databases');
    },
  },
  {
    name: 'fleet-select-by-name',
    after: 'fleet',
    async show() {
      await $(parts.selectByName).click();
      await $(parts.selectText).setValue('web[01-04].eu.example.com, nobody.example.com, db[1-');
      await $(parts.selectKnown).waitForDisplayed();
    },
  },
  {
    name: 'fleet-new-group',
    after: 'fleet-select-by-name',
    async show() {
      await $(parts.selectAccept).click();
      await $(parts.selectionGroup).click();
      await $(parts.groupMembers).waitForDisplayed();
    },
  },
  {
    name: 'run-on-preset',
    after: 'fleet-presets',
    async show() {
      await windowPage.goTo('compose');
      await $(parts.targetKind('preset')).click();
      await $(parts.targetNamed).waitForDisplayed();
    },
  },
  { name: 'run-form', show: () => compose('rpcutil.get_fact', { fact: 'os' }) },
  {
    name: 'run-form-invalid',
    async show() {
      await compose('rpcutil.get_fact', { fact: 'no such name!' });
      await browser.keys('Tab');
    },
  },
  {
    name: 'run-form-changes',
    async show() {
      await compose('package.install', { package: 'nginx' });
    },
  },
  {
    name: 'run-confirm',
    async show() {
      await $(parts.targetKind('filter')).click();
      await compose('filemgr.remove', { file: '/tmp/nothing-of-this-name' });
      await $(parts.runButton).waitForEnabled();
      await $(parts.runButton).click();
      await $(parts.confirmDialog).waitForDisplayed();
    },
  },
  {
    name: 'run-groups',
    after: 'run-started',
    async show() {
      await openRun();
      await $(parts.resultsAs('groups')).click();
      await $(parts.answerGroup).waitForDisplayed();
    },
  },
  {
    name: 'run-ignore-fields',
    after: 'run-groups',
    async show() {
      await $(parts.groupsIgnore).click();
      await $(parts.groupsIgnoreOption).waitForDisplayed();
    },
  },
  {
    name: 'run-summary',
    async show() {
      await windowPage.goTo('compose');
      await windowPage.compose('package.status', { package: 'bash' });
      await windowPage.run();
      await $(parts.resultRow).waitForDisplayed();
      await $(parts.resultsAs('summary')).click();
      await $(parts.runSummaries).waitForDisplayed();
    },
  },
  { name: 'run-results', after: 'run-started', show: openRun },
  {
    name: 'run-columns',
    after: 'run-results',
    async show() {
      await $(parts.resultColumns).click();
      await $(parts.resultColumnOption).waitForDisplayed();
    },
  },
  {
    name: 'run-result-detail',
    after: 'run-started',
    async show() {
      await openRun();
      await openFirst(parts.resultRow, parts.resultPanel);
    },
  },
  {
    name: 'run-rollout',
    async show() {
      await compose('service.restart', { service: 'nginx' });
      await rolloutPage.plan({ canaries: '2', batch: { size: '10', sleep: '30 s' }, mayFail: '3', awayFor: '2 h' });
    },
  },
  {
    name: 'run-rollout-faults',
    after: 'run-rollout',
    async show() {
      await rolloutPage.plan({ canaries: 'some', mayFail: '200 %' });
    },
  },
  {
    name: 'run-holds',
    async show() {
      await rolloutPage.start(
        'rpcutil.get_fact',
        { fact: 'os' },
        { canaries: '2', batch: { size: '5', sleep: '1 h' }, mayFail: '3' },
      );
      await rolloutPage.holdBecomes('canary');
    },
  },
  {
    name: 'run-between-batches',
    after: 'run-holds',
    async show() {
      await $(parts.canaryGoOn).click();
      await rolloutPage.holdBecomes('sleep');
    },
  },
  {
    name: 'run-paused',
    after: 'run-between-batches',
    async show() {
      await $(parts.runTool('pause')).click();
      await rolloutPage.stateBecomes('paused');
    },
  },
  {
    name: 'run-cancel',
    after: 'run-paused',
    async show() {
      await $(parts.runTool('cancel')).click();
      await $(parts.confirmDialog).waitForDisplayed();
    },
  },
  {
    name: 'run-cancelled',
    after: 'run-cancel',
    async show() {
      await $(parts.confirmAccept).click();
      await rolloutPage.stateBecomes('cancelled');
    },
  },
  { name: 'history', after: 'run-started', show: () => windowPage.goTo('history') },
  { name: 'catalogue', show: () => windowPage.goTo('catalogue') },
  {
    name: 'catalogue-agent',
    async show() {
      await windowPage.goTo('catalogue');
      await $(parts.catalogueEntry('agent.rpcutil')).click();
      await $(parts.cataloguePage).waitForDisplayed();
    },
  },
  {
    name: 'catalogue-data',
    after: 'catalogue',
    async show() {
      await $(parts.catalogueEntry('data.fstat')).click();
      await $(parts.cataloguePage).waitForDisplayed();
    },
  },
  {
    name: 'catalogue-no-match',
    after: 'catalogue',
    async show() {
      await $(parts.catalogueSearch).setValue('nothing like it');
    },
  },
];
