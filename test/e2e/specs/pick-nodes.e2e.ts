import { $, $$, browser, expect } from '@wdio/globals';
import { muster } from '../../integration/cli/muster-process.ts';
import { holdConsole } from '../console-session.ts';
import { accessibilityFaults, complaintsOfBrowser } from '../page-health.ts';
import { pickerPage } from '../picker-page.ts';
import { fleetSize, surroundings } from '../surroundings.ts';
import { parts } from '../test-ids.ts';
import { windowPage } from '../window-page.ts';

/** What the mouse puts together below, as text. */
const filter = 'os.family=RedHat and (role=web or (role=db and processors.count>=2))';
const preset = 'Red Hat to patch';
const group = 'Picked by name';

const find = async (...flags: readonly string[]): Promise<readonly string[]> => {
  const { code, out, err } = await muster(surroundings().home, 'find', '--json', '--sort', ...flags);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  // `muster find --json` prints a list of names.
  return JSON.parse(out) as string[];
};

describe('picking nodes', () => {
  const held = holdConsole();
  let wanted: readonly string[] = [];

  before(async () => {
    await windowPage.open(held.link(), fleetSize);
  });
  afterEach(async () => {
    expect(await complaintsOfBrowser()).toEqual([]);
  });

  it('builds a filter with a nested group by mouse alone', async () => {
    await pickerPage.openBuilder();
    await pickerPage.addCondition(0);
    await pickerPage.choose('fact', 0, 'os.family');
    await pickerPage.choose('value', 0, 'RedHat');
    await pickerPage.addGroup(0);
    await pickerPage.choose('fact', 1, 'role');
    await pickerPage.choose('value', 1, 'web');
    await pickerPage.addGroup(1);
    await pickerPage.choose('fact', 2, 'role');
    await pickerPage.choose('value', 2, 'db');
    await pickerPage.addCondition(2);
    await pickerPage.choose('fact', 3, 'processors.count');
    await pickerPage.choose('operator', 3, '>=');
    await pickerPage.choose('value', 3, '2');
    expect(await pickerPage.filterText()).toBe(filter);
    expect(await pickerPage.shape()).toEqual({ rows: 4, groups: 2 });
    expect(await accessibilityFaults()).toEqual([]);
  });

  it('counts what `muster find` finds, from the inventory and from the fleet', async () => {
    wanted = await find('-S', filter);
    expect(wanted.length).toBeGreaterThan(0);
    expect(await windowPage.matching()).toBe(wanted.length);
    expect(await pickerPage.askFleet()).toBe(wanted.length);
  });

  it('follows the same filter as it is typed', async () => {
    await windowPage.typeFilter('');
    await windowPage.countBecomes(fleetSize, fleetSize);
    expect(await pickerPage.shape()).toEqual({ rows: 0, groups: 0 });
    await windowPage.typeFilter(filter);
    expect(await windowPage.matching()).toBe(wanted.length);
    expect(await pickerPage.shape()).toEqual({ rows: 4, groups: 2 });
    await expect($$(parts.fleetRow)).toBeElementsArrayOfSize(wanted.length);
  });

  it('keeps the rows of the last filter while the text is broken', async () => {
    await windowPage.typeFilter(`${filter} and (`);
    await expect($(parts.filterFault)).toBeDisplayed();
    await expect($(parts.builderBehind)).toBeDisplayed();
    expect(await pickerPage.shape()).toEqual({ rows: 4, groups: 2 });
    await windowPage.typeFilter(filter);
    await windowPage.settle();
  });

  it('does not find fault with an end that is being written while it proposes how to go on', async () => {
    await windowPage.typeFilter('');
    await windowPage.settle();
    await $(parts.filterText).click();
    for (const key of 'os.') await browser.keys(key);
    await browser.waitUntil(() => $(parts.completions).isExisting());
    // The text has been read by then.
    await $(parts.runOnNodes).waitForEnabled({ reverse: true });
    await expect($(parts.filterFault)).not.toExist();
    await browser.keys('Escape');
    await expect($(parts.filterFault)).toBeDisplayed();
    await windowPage.typeFilter(filter);
    await windowPage.settle();
  });

  it('saves it as a preset and has it again after the console was restarted', async () => {
    await pickerPage.savePreset(preset);
    await pickerPage.pin('preset', preset);
    await held.restart();
    await windowPage.open(held.link(), fleetSize);
    // While the console was away the browser rightly said that nobody answered.
    await complaintsOfBrowser();
    await pickerPage.openPresets();
    await pickerPage.applyPreset(preset);
    expect(await windowPage.matching()).toBe(wanted.length);
    expect(await pickerPage.filterText()).toBe(filter);
    expect(await find('--preset', preset)).toEqual(wanted);
  });

  it('has it again by its pin, until that is taken off', async () => {
    await windowPage.typeFilter('');
    await $(`${parts.pin(preset)} button`).click();
    expect(await windowPage.matching()).toBe(wanted.length);
    expect(await pickerPage.filterText()).toBe(filter);
    await $(parts.pin(preset)).moveTo();
    await $(`${parts.pin(preset)} ${parts.unpin}`).click();
    await $(parts.pin(preset)).waitForExist({ reverse: true });
  });

  it('adds and removes conditions by facets', async () => {
    await windowPage.typeFilter('');
    await windowPage.countBecomes(fleetSize, fleetSize);
    await $(parts.pickTab('facets')).click();
    await pickerPage.facet('fact role', 'web');
    expect(await pickerPage.filterText()).toBe('role=web');
    expect(await windowPage.matching()).toBe((await find('-F', 'role=web')).length);
    await pickerPage.facet('fact role', 'web');
    await windowPage.countBecomes(fleetSize, fleetSize);
    expect(await accessibilityFaults()).toEqual([]);
  });

  it('selects pasted names, saves them as a group and runs on it', async () => {
    await $(parts.selectByName).click();
    await $(parts.selectText).setValue([...wanted, 'nobody[1-2].example.com'].join('\n'));
    await pickerPage.numberBecomes(parts.selectKnown, 'data-count', wanted.length);
    await pickerPage.numberBecomes(parts.selectUnknown, 'data-count', 2);
    await $(parts.selectAccept).click();
    await pickerPage.numberBecomes(parts.selectionCount, 'data-count', wanted.length);
    await $(parts.selectionGroup).click();
    await pickerPage.numberBecomes(parts.groupMembers, 'data-total', wanted.length);
    await $(parts.groupName).setValue(group);
    await $(parts.groupSave).click();
    await $(parts.groupDialog).waitForExist({ reverse: true });
    expect(await find('--group', group)).toEqual(wanted);

    await windowPage.goTo('compose');
    await $(parts.targetKind('group')).click();
    await pickerPage.numberBecomes(parts.targetCount, 'data-matching', wanted.length);
    await windowPage.compose('rpcutil.get_fact', { fact: 'os' });
    await windowPage.run();
    await windowPage.resultsBecome(wanted.length);
  });

  it('selects the members of a pinned group from any page', async () => {
    await windowPage.goTo('fleet');
    await $(parts.pickTab('groups')).click();
    await pickerPage.pin('group', group);
    await windowPage.goTo('history');
    await browser.refresh();
    await $(`${parts.pin(group)} button`).click();
    await pickerPage.numberBecomes(parts.selectionCount, 'data-count', wanted.length);
    await windowPage.goTo('history');
    await windowPage.goTo('fleet');
    await browser.keys('Escape');
  });
});
