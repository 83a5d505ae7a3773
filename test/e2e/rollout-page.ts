import { $, browser } from '@wdio/globals';
import { parts } from './test-ids.ts';
import { windowPage } from './window-page.ts';

/** How a roll-out is to go, in the words that a person types. */
export interface Rollout {
  /** Canaries, after which the run holds. */
  readonly canaries?: string;
  readonly batch?: { readonly size: string; readonly sleep: string };
  readonly mayFail?: string;
  /** How long nodes that are away may still get it. */
  readonly awayFor?: string;
  /** How long a node may take to say that it has the request. */
  readonly delivery?: string;
}

/** What a person does with a run that goes over the fleet little by little. */
export const rolloutPage = {
  /** Opens the roll-out of the Run view, and fills it. */
  async plan({ canaries, batch, mayFail, awayFor, delivery }: Rollout): Promise<void> {
    if ((await $(parts.rolloutToggle).getAttribute('aria-expanded')) === 'false') await $(parts.rolloutToggle).click();
    if (canaries !== undefined) {
      if (!(await $(parts.rolloutCanary).isSelected())) await $(parts.rolloutCanary).click();
      await $(parts.rolloutField('canary-size')).setValue(canaries);
    }
    if (batch !== undefined) {
      await $(parts.rolloutPace('batches')).click();
      await $(parts.rolloutField('batch-size')).setValue(batch.size);
      await $(parts.rolloutField('batch-sleep')).setValue(batch.sleep);
    }
    if (mayFail !== undefined) await $(parts.rolloutField('may-fail')).setValue(mayFail);
    if (awayFor !== undefined) {
      await $(parts.rolloutAway('while')).click();
      await $(parts.rolloutField('away-for')).setValue(awayFor);
    }
    if (delivery !== undefined) await $(parts.rolloutField('delivery')).setValue(delivery);
  },

  /** Composes an action from nothing, in a window that remembers no earlier one. */
  async start(action: string, inputs: Readonly<Record<string, string>>, rollout: Rollout): Promise<void> {
    await browser.execute(() => sessionStorage.removeItem('muster.draft'));
    await browser.refresh();
    await windowPage.goTo('compose');
    await windowPage.compose(action, inputs);
    await this.plan(rollout);
    await windowPage.run();
  },

  /** Waits until the run that is shown has come to a state. */
  async stateBecomes(state: string): Promise<void> {
    await headerBecomes('data-state', state);
  },

  /** Waits until the run that is shown waits for something. */
  async holdBecomes(hold: string): Promise<void> {
    await headerBecomes('data-hold', hold);
  },

  /** Ends the run that is shown, and says yes to what that means. */
  async end(how: 'stop' | 'cancel'): Promise<void> {
    await $(parts.runTool(how)).click();
    await $(parts.confirmAccept).click();
  },

  /** How many nodes of the run that is shown are in a state, as its chip says. */
  async nodesIn(state: string): Promise<number> {
    const chip = $(parts.stateChip(state));
    return (await chip.isExisting()) ? Number(/(\d+)\s*$/.exec(await chip.getText())?.[1]) : 0;
  },
} as const;

async function headerBecomes(attribute: string, value: string): Promise<void> {
  await browser.waitUntil(async () => (await $(parts.runHeader).getAttribute(attribute)) === value, {
    timeout: 60_000,
    timeoutMsg: `The run did not come to ${attribute}="${value}"`,
  });
}
