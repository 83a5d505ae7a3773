import { $, browser } from '@wdio/globals';
import { parts } from './test-ids.ts';
import { windowPage } from './window-page.ts';

/** A question to the policy tester. */
export interface PolicyQuestion {
  readonly policy?: string;
  readonly caller: string;
  readonly agent: string;
  readonly action: string;
  readonly inputs?: string;
}

/** What a person does with join requests, policies and the audit. */
export const securityPage = {
  async open(tab: 'keys' | 'joins' | 'policies' | 'audit'): Promise<void> {
    await windowPage.goTo('security');
    await $(parts.securityTab(tab)).click();
    await $(
      { keys: parts.keys, joins: parts.joins, policies: parts.policyTester, audit: parts.audit }[tab],
    ).waitForDisplayed();
  },

  /** Waits until the window shows the request of a key; it asks by itself. */
  async joinArrives(key: string): Promise<void> {
    await $(parts.join(key)).waitForDisplayed({ timeout: 60_000, timeoutMsg: `Nobody with the key ${key} was shown` });
  },

  async decide(key: string, how: 'approve' | 'reject'): Promise<void> {
    await $(parts.join(key)).$(parts.joinDecide(how)).click();
    await $(parts.confirmAccept).click();
    await $(parts.join(key)).waitForExist({ reverse: true, timeout: 30_000 });
  },

  /** Fills the policy tester, but for the node. */
  async fill({ policy, caller, agent, action, inputs }: PolicyQuestion): Promise<void> {
    if (policy !== undefined) await $(parts.policyText).setValue(policy);
    await $(parts.policyField('caller')).setValue(caller);
    await choose('agent', agent, agent);
    await choose('action', action, action);
    if (inputs !== undefined) await $(parts.policyField('inputs')).setValue(inputs);
  },

  /** Types a part of a node's name and picks the node from what is proposed. */
  pickNode: (typed: string, identity: string): Promise<void> => choose('node', typed, identity),

  /** Checks, and waits for the answer. */
  async check(): Promise<{ readonly allow: boolean; readonly line: number }> {
    await $(parts.policyCheck).click();
    await $(parts.policyVerdict).waitForDisplayed();
    const [allow, line] = await Promise.all(
      ['data-allow', 'data-line'].map((name) => $(parts.policyVerdict).getAttribute(name)),
    );
    return { allow: allow === 'true', line: Number(line) };
  },

  /** Verifies, and waits until every chain is found to be as wanted. */
  async verdictBecomes(wanted: 'intact' | 'damaged'): Promise<void> {
    await $(parts.auditVerify).waitForEnabled();
    await $(parts.auditVerify).click();
    await browser.waitUntil(
      async () => {
        const verdict = $(parts.auditVerdict);
        return (
          (await verdict.isExisting()) && (await verdict.getAttribute('data-intact')) === String(wanted === 'intact')
        );
      },
      { timeout: 30_000, timeoutMsg: `The audit was not found ${wanted}` },
    );
  },
} as const;

async function choose(field: 'agent' | 'action' | 'node', typed: string, key: string): Promise<void> {
  await $(parts.policyField(field)).setValue(typed);
  const option = $(parts.policyOption(field, key));
  await option.waitForDisplayed();
  await option.click();
  await option.waitForExist({ reverse: true });
}
