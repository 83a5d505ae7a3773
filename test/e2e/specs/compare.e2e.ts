import { $, $$, browser, expect } from '@wdio/globals';
import { muster } from '../../integration/cli/muster-process.ts';
import { useConsole } from '../console-session.ts';
import { historyPage } from '../history-page.ts';
import { accessibilityFaults, complaintsOfBrowser } from '../page-health.ts';
import { fleetSize, surroundings } from '../surroundings.ts';
import { parts } from '../test-ids.ts';
import { windowPage } from '../window-page.ts';

const question = ['rpc', 'rpcutil', 'get_fact'] as const;

async function ask(...words: readonly string[]): Promise<void> {
  const { err } = await muster(surroundings().home, ...question, ...words, '--no-progress');
  expect(err).toBe('');
}

/** Takes the runs of earlier journeys out of the history. */
async function forgetEarlier(): Promise<void> {
  const { home } = surroundings();
  const listed = await muster(home, 'runs', 'list', '--action', question.slice(1).join('.'), '--json');
  // `muster runs list --json` prints one object of this shape.
  const { runs } = JSON.parse(listed.out) as { runs: readonly { readonly run_id: string }[] };
  if (runs.length > 0) await muster(home, 'runs', 'delete', ...runs.map(({ run_id }) => run_id));
}

interface Compared {
  readonly kinds: Readonly<Record<string, number>>;
  readonly differences: readonly { readonly sender: string; readonly kind: string }[];
}

describe('comparing two runs', () => {
  const link = useConsole();
  let ids: readonly string[] = [];

  before(async () => {
    await forgetEarlier();
    // The same question of one half of the fleet less, and about another fact.
    await ask('fact=role');
    await ask('fact=os.family', '-S', 'not role=db');
    await windowPage.open(link(), fleetSize);
    await windowPage.goTo('history');
  });
  afterEach(async () => {
    expect(await complaintsOfBrowser()).toEqual([]);
  });

  it('finds the runs by their action, and by a node that had no part in one', async () => {
    await historyPage.choose('action', 'rpcutil.get_fact');
    await historyPage.countBecomes(2);
    ids = await historyPage.ids();
    const db = await muster(surroundings().home, 'find', '-S', 'role=db', '--limit', '1');
    await historyPage.choose('node', db.out.trim());
    await historyPage.countBecomes(1);
    expect(await historyPage.ids()).toEqual(ids.slice(1));
    expect(await accessibilityFaults()).toEqual([]);
    await historyPage.choose('node', '');
    await historyPage.countBecomes(2);
  });

  it('compares the two that are ticked, as `muster runs compare` does', async () => {
    await historyPage.tick(0);
    await historyPage.tick(1);
    await $(parts.historyCompare).click();
    await $(parts.comparisonView).waitForDisplayed();
    const [after = '', before = ''] = ids;
    const { code, out } = await muster(surroundings().home, 'runs', 'compare', before, after, '--json');
    expect(code).toBe(1);
    // `muster runs compare --json` prints one object of this shape.
    const { kinds, differences } = JSON.parse(out) as Compared;
    await expect($(parts.comparisonHeadline)).toHaveAttribute('data-differing', String(differences.length));
    await expect($(parts.comparisonKind('only_before'))).toHaveText(new RegExp(`${kinds['only_before']}`));
    await $(parts.comparisonKind('changed')).click();
    await browser.waitUntil(async () => (await $$(parts.comparisonRow).length) === kinds['changed']);
    expect(await accessibilityFaults()).toEqual([]);
  });

  it('shows field by field what differs in a node', async () => {
    const row = $(parts.comparisonRow);
    const identity = (await row.getAttribute('data-key')) ?? '';
    await row.click();
    await expect($(parts.comparisonNode)).toHaveText(new RegExp(identity));
    await expect($(parts.answerGroupDifference('value'))).toBeDisplayed();
    expect(await accessibilityFaults()).toEqual([]);
    await browser.refresh();
    await expect($(parts.comparisonNode)).toBeDisplayed();
  });

  it('opens one of the runs, keeps it with a note and a pin, and proposes to compare it again', async () => {
    await $(parts.comparisonOpen('after')).click();
    await $(parts.runView).waitForDisplayed();
    await $(parts.runNoteButton).click();
    await $(parts.runNoteText).setValue('before the change');
    await browser.keys('Enter');
    await expect($(parts.runNoteLine)).toHaveText(/before the change/);
    await $(parts.runPin).click();
    await expect($(parts.runPin)).toHaveAttribute('aria-pressed', 'true');
    await $(parts.runCompare).click();
    await expect($(parts.runComparePartner(ids[1] ?? ''))).toBeDisplayed();
    await browser.keys('Escape');
    expect(await accessibilityFaults()).toEqual([]);
    const shown = await muster(surroundings().home, 'runs', 'show', ids[0] ?? '');
    expect(shown.out).toContain('before the change');
  });

  it('deletes what is not pinned, and takes it back', async () => {
    await windowPage.goTo('history');
    await historyPage.countBecomes(2);
    await historyPage.tick(0);
    await historyPage.tick(1);
    await $(parts.historyDelete).click();
    await historyPage.countBecomes(1);
    await expect($(parts.historyRemoved)).toHaveText(/1 pinned/);
    expect(await accessibilityFaults()).toEqual([]);
    await $(parts.historyUndo).click();
    await historyPage.countBecomes(2);
  });
});
