import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { $, $$, browser, expect } from '@wdio/globals';
import { buildPackage, installInto, makePackageRoot } from '../../support/agent/trial-packages.ts';
import { useConsole } from '../console-session.ts';
import { accessibilityFaults, complaintsOfBrowser } from '../page-health.ts';
import { fleetSize, surroundings } from '../surroundings.ts';
import { parts } from '../test-ids.ts';
import { windowPage } from '../window-page.ts';

const packageName = 'muster-trial';
const usual = '1.4.2-1';
const older = '1.4.1-3';

describe('answers that are alike, and those that differ', () => {
  const link = useConsole();
  const folder = mkdtempSync(join(tmpdir(), 'muster-groups-'));
  const touched = join(folder, 'touched');
  let differing: readonly string[] = [];
  /** The settings of each node's agent for packages, which other files must not find. */
  const settingsFiles: string[] = [];

  /** A root directory with a package database in which dpkg itself has installed the package. */
  async function rootWith(version: string): Promise<string> {
    const root = join(folder, `root-${version}`);
    await makePackageRoot(root);
    await installInto(root, await buildPackage(folder, { name: packageName, version }));
    return root;
  }

  before(async () => {
    const nodes = join(surroundings().home, 'nodes');
    const entries = await readdir(nodes, { withFileTypes: true });
    const identities = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    differing = identities.sort().filter((_identity, index) => index === 4 || index === 11);
    const roots = { usual: await rootWith(usual), older: await rootWith(older) };
    for (const identity of identities) {
      const settings = join(nodes, identity, 'plugin.d');
      mkdirSync(settings, { recursive: true });
      const root = differing.includes(identity) ? roots.older : roots.usual;
      const file = join(settings, 'package.yaml');
      writeFileSync(file, `root: ${root}\n`);
      settingsFiles.push(file);
    }
  });

  after(() => {
    for (const path of [...settingsFiles, folder]) rmSync(path, { recursive: true, force: true });
  });

  afterEach(async () => {
    expect(await complaintsOfBrowser()).toEqual([]);
  });

  const groups = () => $$(parts.answerGroup).map((group) => group.getAttribute('data-count'));

  async function askForPackage(): Promise<void> {
    await windowPage.goTo('compose');
    await windowPage.compose('package.status', { package: packageName });
    await windowPage.run();
    await windowPage.resultsBecome(fleetSize);
    await browser.waitUntil(async () => (await $(parts.runHeader).getAttribute('data-state')) === 'finished');
    await $(parts.resultsAs('groups')).click();
    await $(parts.answerGroup).waitForDisplayed();
  }

  it('shows one package in two versions as two groups', async () => {
    await windowPage.open(link(), fleetSize);
    // Agents take up their settings while they run, each in its own time.
    await browser.waitUntil(
      async () => {
        await askForPackage();
        return (await groups()).join() === `${fleetSize - 2},2`;
      },
      { timeout: 90_000, timeoutMsg: 'There were never two groups' },
    );
    await expect($(parts.answerGroupsHeadline)).toHaveText(`2 different answers from ${fleetSize} nodes`);
  });

  it('marks in what the two nodes differ', async () => {
    const [, few] = await $$(parts.answerGroup).getElements();
    if (few === undefined) throw new Error('there is no second group');
    const ensure = few.$(parts.answerGroupDifference('ensure'));
    await expect(ensure).toHaveText(expect.stringContaining(usual));
    await expect(ensure).toHaveText(expect.stringContaining(older));
    await expect(few.$(parts.answerGroupDifference('arch'))).not.toExist();
    const names = await few.$(parts.answerGroupNames).getText();
    expect(names.split('\n').sort()).toEqual(differing);
  });

  it('sums up how often each version was answered', async () => {
    await $(parts.resultsAs('summary')).click();
    await expect($(parts.summaryCount(usual))).toHaveAttribute('data-count', String(fleetSize - 2));
    await expect($(parts.summaryCount(older))).toHaveAttribute('data-count', '2');
  });

  for (const theme of ['dark', 'light'] as const) {
    it(`is accessible in ${theme}: groups and summaries`, async () => {
      await windowPage.chooseTheme(theme);
      for (const [shape, shown] of [
        ['groups', parts.answerGroup],
        ['summary', parts.runSummaries],
      ] as const) {
        await $(parts.resultsAs(shape)).click();
        await $(shown).waitForDisplayed();
        expect(await accessibilityFaults()).toEqual([]);
      }
    });
  }

  it('makes the two nodes the next target', async () => {
    await $(parts.resultsAs('groups')).click();
    await $(parts.answerGroup).waitForDisplayed();
    const [, few] = await $$(parts.answerGroup).getElements();
    await few?.$(parts.answerGroupAim).click();
    await expect($(parts.targetCount)).toHaveAttribute('data-matching', '2');
    await expect($(parts.input('package'))).toHaveValue(packageName);
  });

  it('asks before an action changes every node, and runs only then', async () => {
    await $(parts.targetKind('filter')).click();
    await windowPage.compose('filemgr.touch', { file: touched });
    await $(parts.runButton).waitForEnabled();
    await $(parts.runButton).click();
    await $(parts.confirmDialog).waitForDisplayed();
    await expect($(parts.confirmDialog)).toHaveText(expect.stringContaining(`all ${fleetSize} nodes`));
    await $(parts.confirmCancel).click();
    await expect($(parts.confirmDialog)).not.toExist();
    await expect($(parts.composeView)).toBeDisplayed();
    expect(await readdir(folder)).not.toContain('touched');

    await $(parts.runButton).click();
    await $(parts.confirmAccept).waitForDisplayed();
    await $(parts.confirmAccept).click();
    await $(parts.runView).waitForDisplayed();
    await windowPage.resultsBecome(fleetSize);
    await browser.waitUntil(async () => (await $(parts.runHeader).getAttribute('data-state')) === 'finished');
    expect(await readdir(folder)).toContain('touched');
  });
});
