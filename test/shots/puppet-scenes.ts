import { $, $$, browser } from '@wdio/globals';
import { puppetPage } from '../e2e/puppet-page.ts';
import { parts } from '../e2e/test-ids.ts';
import { windowPage } from '../e2e/window-page.ts';
import type { Scene } from './scene.ts';

const selectSome = async (): Promise<void> => puppetPage.select((await puppetPage.shown()).slice(1, 4));

/** The pages about Puppet, on nodes that have the puppet agent. */
export const puppetScenes: readonly Scene[] = [
  { name: 'puppet-first-look', show: () => windowPage.goTo('puppet') },
  { name: 'puppet', after: 'puppet-first-look', show: () => puppetPage.askNodes() },
  { name: 'puppet-selected', after: 'puppet', show: selectSome },
  {
    name: 'puppet-run-once',
    after: 'puppet-selected',
    async show() {
      await $(parts.puppetAct('runonce')).click();
      await $(parts.puppetRunonceDialog).waitForDisplayed();
    },
  },
  {
    name: 'puppet-disable',
    after: 'puppet-selected',
    async show() {
      await $(parts.puppetAct('disable')).click();
      await $(parts.puppetReason).setValue('Disks are being replaced, ask Ada');
    },
  },
  {
    name: 'puppet-disabled',
    after: 'puppet-disable',
    async show() {
      await $(parts.puppetDisableGo).click();
      await puppetPage.deedIsDone('disable');
      await browser.waitUntil(async () => (await puppetPage.chipCount('disabled')) > 0);
    },
  },
  {
    name: 'puppet-node',
    after: 'puppet-disabled',
    async show() {
      await $(parts.puppetRow).click();
      await $(parts.puppetNodePanel).$('dl').waitForDisplayed();
    },
  },
  {
    name: 'puppet-enable',
    after: 'puppet-disabled',
    async show() {
      await $(parts.puppetAct('enable')).click();
      await $(parts.puppetEnableReasons).waitForDisplayed();
    },
  },
  {
    name: 'runall-dialog',
    after: 'puppet-enable',
    async show() {
      await $(parts.puppetEnableGo).click();
      await puppetPage.deedIsDone('enable');
      await $(parts.puppetRunallAll).click();
      await $(parts.runallDialog).waitForDisplayed();
    },
  },
  {
    name: 'runall-live',
    after: 'runall-dialog',
    async show() {
      await $(parts.runallConcurrency).setValue('2');
      await $(parts.runallStart).click();
      await $(parts.runallTakenSlot).waitForDisplayed();
    },
  },
  {
    name: 'runalls',
    after: 'runall-live',
    async show() {
      await windowPage.goTo('puppet');
      await $(parts.puppetPage('runalls')).click();
      await browser.waitUntil(async () => (await $$('[data-testid="runalls-grid-row"]').length) > 0);
    },
  },
];
