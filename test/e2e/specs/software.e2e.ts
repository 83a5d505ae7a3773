import { $, $$, browser, expect } from '@wdio/globals';
import { muster } from '../../integration/cli/muster-process.ts';
import { useConsole } from '../console-session.ts';
import { accessibilityFaults, complaintsOfBrowser } from '../page-health.ts';
import { questionMs, softwarePage } from '../software-page.ts';
import { fleetSize, surroundings } from '../surroundings.ts';
import { parts } from '../test-ids.ts';
import { windowPage } from '../window-page.ts';

/** The version of a package by the nodes themselves. */
async function versionByCommand(name: string): Promise<readonly string[]> {
  const { out } = await muster(surroundings().home, 'rpc', 'package', 'status', `package=${name}`, '--json');
  const { replies } = JSON.parse(out) as { replies: { data: { ensure: string } }[] };
  return [...new Set(replies.map(({ data }) => data.ensure))];
}

describe('the software of the fleet', function () {
  this.timeout(questionMs);
  const link = useConsole();

  before(async () => {
    await windowPage.open(link(), fleetSize);
  });
  afterEach(async () => {
    await softwarePage.closeActs();
    expect(await complaintsOfBrowser()).toEqual([]);
  });

  it('shows the versions of a package, with their nodes', async () => {
    await softwarePage.askAbout('package', 'bash');
    const shown = await softwarePage.largestGroup();
    expect(shown).toEqual({ nodes: fleetSize, state: (await versionByCommand('bash')).join() });
    await expect($(parts.softwareHeadline)).toHaveText(`The same on all ${fleetSize} nodes`);
    for (const theme of ['light', 'dark'] as const) {
      await windowPage.chooseTheme(theme);
      expect(await accessibilityFaults()).toEqual([]);
    }
  });

  it('puts an act on a group into the composer', async () => {
    await softwarePage.openActs();
    expect(await accessibilityFaults()).toEqual([]);
    await $(parts.softwareActOf('uninstall')).click();
    await $(parts.composeView).waitForDisplayed();
    await expect($(parts.input('package'))).toHaveValue('bash');
    await expect($(parts.targetCount)).toHaveText(new RegExp(String(fleetSize)));
    await expect($(parts.commandLine)).toHaveText(/package uninstall/);
  });

  it('tells a package that no node has as not installed', async () => {
    await softwarePage.askAbout('package', 'no-such-package');
    expect(await softwarePage.largestGroup()).toEqual({ nodes: fleetSize, state: 'absent' });
    await softwarePage.openActs();
    await expect($(parts.softwareActOf('install'))).toBeDisplayed();
    await expect($(parts.softwareActOf('uninstall'))).not.toExist();
  });

  it('proposes what was asked before, and shows its answers without asking again', async () => {
    await softwarePage.choose('package');
    await $(parts.softwareRecent('bash')).waitForDisplayed();
    await $(parts.softwareName).click();
    await $(parts.softwareNameOption('bash')).click();
    await softwarePage.isAnswered();
    const runId = await $(parts.softwareAnswers).getAttribute('data-run');
    await browser.refresh();
    await softwarePage.isAnswered();
    expect(await $(parts.softwareAnswers).getAttribute('data-run')).toBe(runId);
    await $(parts.softwareOpenRun).click();
    await windowPage.resultsBecome(fleetSize);
  });

  it('tells which packages could be newer', async () => {
    await softwarePage.askForUpdates();
    expect((await $(parts.softwareNoUpdates).isExisting()) || (await $$(parts.softwareUpdate).length) > 0).toBe(true);
    expect(await accessibilityFaults()).toEqual([]);
  });
});
