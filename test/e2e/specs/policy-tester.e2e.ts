import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { $, browser, expect } from '@wdio/globals';
import { useConsole } from '../console-session.ts';
import { accessibilityFaults, complaintsOfBrowser } from '../page-health.ts';
import { securityPage } from '../security-page.ts';
import { fleetSize } from '../surroundings.ts';
import { parts } from '../test-ids.ts';
import { windowPage } from '../window-page.ts';

// Blanks part the columns: a tab would leave the field.
const policy = [
  '# Who may restart what',
  'policy default deny',
  'allow  ops  restart  os.family=RedHat  *  where service = nginx',
  'allow  cert=bob  status  *  *',
].join('\n');

describe('the policy tester', () => {
  const link = useConsole();
  let folder: string;
  let redHat: string;
  let other: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'muster-policies-'));
  });
  after(() => rm(folder, { recursive: true }));

  async function firstNode(filter: string): Promise<string> {
    await windowPage.typeFilter(filter);
    await windowPage.settle();
    await $(parts.fleetRow).waitForDisplayed();
    return (await $(parts.fleetRow).getAttribute('data-key')) ?? '';
  }

  it('asks for a policy, and for who wants what where', async () => {
    await windowPage.open(link(), fleetSize);
    redHat = await firstNode('os.family=RedHat');
    other = await firstNode('not os.family=RedHat');
    await securityPage.open('policies');
    expect(await $(parts.policyCheck).isEnabled()).toBe(false);
    expect(await accessibilityFaults()).toEqual([]);
  });

  it('opens the files of a folder', async () => {
    await writeFile(join(folder, 'service.policy'), policy);
    await writeFile(join(folder, 'groups'), 'ops cert=alice cert=carol\n');
    for (const name of ['service.policy', 'groups']) await $(parts.policyFiles).addValue(join(folder, name));
    await browser.waitUntil(async () => (await $(parts.policyText).getValue()) === policy);
    expect(await $(parts.policyField('agent')).getValue()).toBe('service');
  });

  it('decides by the facts that a node of the inventory has, and shows the line', async () => {
    await securityPage.fill({ caller: 'alice', agent: 'service', action: 'restart', inputs: 'service=nginx' });
    await securityPage.pickNode(redHat.slice(0, 5), redHat);
    await expect($(parts.policyNodeKnown)).toHaveAttribute('data-key', redHat);
    expect(await securityPage.check()).toEqual({ allow: true, line: 3 });
    await expect($(parts.policyRule)).toHaveText(/os\.family=RedHat/);
    expect(await accessibilityFaults()).toEqual([]);
    await securityPage.pickNode(other.slice(0, 5), other);
    expect(await $(parts.policyVerdict).isExisting()).toBe(false);
    expect(await securityPage.check()).toEqual({ allow: false, line: 2 });
  });

  it('decides by the inputs too', async () => {
    await securityPage.pickNode(redHat.slice(0, 5), redHat);
    await $(parts.policyField('inputs')).setValue('service=sshd');
    expect(await securityPage.check()).toEqual({ allow: false, line: 2 });
  });

  it('tells where a file cannot be understood, and leads there', async () => {
    await $(parts.policyText).setValue(`${policy}\npermit  *  *  *  *`);
    await $(parts.policyField('inputs')).setValue('service=nginx');
    expect(await securityPage.check()).toEqual({ allow: false, line: 5 });
    const fault = $(parts.policyFault);
    await expect(fault).toHaveAttribute('data-key', 'service.policy:5:1');
    expect(await accessibilityFaults()).toEqual([]);
    await fault.$('button').click();
    const selected = await browser.execute(() => {
      const field = document.activeElement;
      return field instanceof HTMLTextAreaElement ? field.value.slice(field.selectionStart, field.selectionEnd) : '';
    });
    expect(selected).toBe('permit  *  *  *  *');
  });

  it('says that it knows no such node', async () => {
    await $(parts.policyField('node')).setValue('nobody.example.com');
    await browser.keys('Escape');
    await $(parts.policyCheck).click();
    await $(parts.fault).waitForDisplayed();
    expect(await $(parts.fault).getAttribute('data-code')).toBe('node.unknown');
    expect(await accessibilityFaults()).toEqual([]);
  });

  it('gives the browser nothing to complain of', async () => {
    expect(await complaintsOfBrowser()).toEqual([]);
  });
});
