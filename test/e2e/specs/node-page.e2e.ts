import { $, $$, browser, expect } from '@wdio/globals';
import { muster } from '../../integration/cli/muster-process.ts';
import { useConsole } from '../console-session.ts';
import { accessibilityFaults, complaintsOfBrowser } from '../page-health.ts';
import { fleetSize, surroundings } from '../surroundings.ts';
import { parts } from '../test-ids.ts';
import { windowPage } from '../window-page.ts';

describe('the page of a node', () => {
  const link = useConsole();
  let identity = '';

  before(async () => {
    await windowPage.open(link(), fleetSize);
  });
  afterEach(async () => {
    expect(await complaintsOfBrowser()).toEqual([]);
  });

  it('opens from the grid by keyboard, and is where the address says after a reload', async () => {
    const row = $(parts.fleetRow);
    identity = (await row.getAttribute('data-key')) ?? '';
    await row.click();
    await $(parts.nodePanel).waitForDisplayed();
    await browser.keys('o');
    await $(parts.nodeView).waitForDisplayed();
    await browser.refresh();
    await expect($(parts.nodeView)).toHaveAttribute('data-key', identity);
    await $(parts.nodeFactsSearch).setValue('os.fam');
    await expect($(parts.nodeFact('os.family'))).toBeDisplayed();
    expect(await accessibilityFaults()).toEqual([]);
  });

  it('asks the node how its agent fares, and knows the certificate of its last answer', async () => {
    const asked = await muster(surroundings().home, 'rpc', 'rpcutil', 'ping', '-I', identity);
    expect(asked.code).toBe(0);
    await $(parts.nodeTab('about')).click();
    await $(parts.nodeAsk).click();
    await expect($(parts.nodeStatistics)).toHaveText(/Answers sent/);
    expect(await accessibilityFaults()).toEqual([]);
  });

  it('lists the runs that it had a part in, and shows its answer in one', async () => {
    await $(parts.nodeTab('runs')).click();
    await $(parts.historyRow).waitForDisplayed();
    expect(await accessibilityFaults()).toEqual([]);
    await $(parts.historyRow).click();
    await expect($(parts.resultPanel)).toHaveText(new RegExp(identity));
    await browser.back();
    await $(parts.nodeView).waitForDisplayed();
  });

  it('stands beside another node, as `muster inventory --compare` says', async () => {
    await $(parts.nodeTab('compare')).click();
    const other = (await muster(surroundings().home, 'inventory', '--json')).out;
    // `muster inventory --json` prints a list of nodes.
    const names = (JSON.parse(other) as { identity: string }[]).map((node) => node.identity);
    const second = names.find((name) => name !== identity) ?? '';
    await $(parts.nodeOther).click();
    for (const key of second) await browser.keys(key);
    await browser.keys('Enter');
    const compared = await muster(surroundings().home, 'inventory', identity, '--compare', second, '--json');
    expect(compared.err).toBe('');
    // `muster inventory --compare --json` prints one object with the facts that differ.
    const { facts } = JSON.parse(compared.out) as { facts: unknown[] };
    await expect($(parts.nodePairFacts)).toHaveAttribute('data-count', String(facts.length));
    expect(await $$(parts.answerGroupDifferences).length).toBe(facts.length);
    expect(await accessibilityFaults()).toEqual([]);
  });

  it('leads to what its agents do', async () => {
    await $(parts.nodeTab('agents')).click();
    expect(await accessibilityFaults()).toEqual([]);
    await $(parts.nodeAgentDoc('rpcutil')).click();
    await expect($(parts.cataloguePage)).toHaveAttribute('data-key', 'agent.rpcutil');
  });
});
