import { $, browser } from '@wdio/globals';
import { securityPage } from '../e2e/security-page.ts';
import { parts } from '../e2e/test-ids.ts';
import { windowPage } from '../e2e/window-page.ts';
import type { Scene } from './scene.ts';

// Blanks part the columns: a tab would leave the field.
const policy = [
  '# Who may restart what',
  'policy default deny',
  '',
  'allow  ops            restart  os.family=RedHat  *  where service = /^(nginx|httpd)$/',
  'allow  cert=anna      *        environment=test  *',
  'deny   *              *        *                 role::database',
].join('\n');

const checkNode = async (filter: string): Promise<void> => {
  await windowPage.goTo('fleet');
  await windowPage.typeFilter(filter);
  await windowPage.settle();
  await $(parts.fleetRow).waitForDisplayed();
  const identity = (await $(parts.fleetRow).getAttribute('data-key')) ?? '';
  await securityPage.open('policies');
  await $(parts.policyGroups).setValue('ops cert=alice cert=bob');
  await securityPage.fill({
    policy,
    caller: 'alice',
    agent: 'service',
    action: 'restart',
    inputs: 'service=nginx',
  });
  await securityPage.pickNode(identity.slice(0, 4), identity);
  await securityPage.check();
};

/** The pages about keys, policies and the audit. */
export const securityScenes: readonly Scene[] = [
  { name: 'security-keys', show: () => securityPage.open('keys') },
  { name: 'policies', show: () => securityPage.open('policies') },
  { name: 'policies-allowed', show: () => checkNode('os.family=RedHat and not role::database') },
  { name: 'policies-denied', show: () => checkNode('not os.family=RedHat and not role::database') },
  {
    name: 'policies-faults',
    after: 'policies-denied',
    async show() {
      await $(parts.policyText).setValue(`${policy}\npermit  *  *  *  *\nallow  /^cert=(a/  *  *  *`);
      await securityPage.check();
    },
  },
  {
    name: 'policies-nodes',
    after: 'policies-denied',
    async show() {
      await $(parts.policyField('node')).setValue('web');
      await browser.waitUntil(() => $(`${parts.policyTester} [role=listbox] li`).isDisplayed());
    },
  },
  {
    name: 'policies-no-node',
    after: 'policies-denied',
    async show() {
      await $(parts.policyField('node')).setValue('nobody.example.com');
      await browser.keys('Escape');
      await $(parts.policyCheck).click();
      await $(parts.fault).waitForDisplayed();
    },
  },
];
