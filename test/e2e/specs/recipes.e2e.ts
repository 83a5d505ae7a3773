import { mkdtempSync, rmSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { $, $$, browser, expect } from '@wdio/globals';
import { muster } from '../../integration/cli/muster-process.ts';
import { useConsole } from '../console-session.ts';
import { exportPage } from '../export-page.ts';
import { accessibilityFaults, complaintsOfBrowser } from '../page-health.ts';
import { fleetSize, surroundings } from '../surroundings.ts';
import { parts } from '../test-ids.ts';
import { windowPage } from '../window-page.ts';

const name = 'What a node says';

interface Answers {
  readonly replies: readonly { readonly data: { readonly value: string } }[];
}

/** Opens the menu of a recipe and chooses from it. */
async function choose(recipe: string, entry: 'edit' | 'duplicate' | 'pin' | 'remove'): Promise<void> {
  await $(`${parts.recipe(recipe)} ${parts.recipeMenu}`).click();
  await $(parts.recipeMenuEntry(entry)).click();
}

async function called(recipe: string): Promise<void> {
  await $(parts.recipeDialog).waitForDisplayed();
  await $(parts.recipeName).setValue(recipe);
}

describe('keeping a run as a recipe', () => {
  const link = useConsole();
  const folder = mkdtempSync(join(tmpdir(), 'muster-recipes-'));

  before(async () => {
    await windowPage.open(link(), fleetSize);
    await exportPage.saveInto(folder);
    await windowPage.goTo('compose');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  afterEach(async () => {
    expect(await complaintsOfBrowser()).toEqual([]);
  });

  it('saves what the composer holds, with what it asks for', async () => {
    await windowPage.compose('rpcutil.get_fact', { fact: 'role' });
    await $(parts.saveRecipe).click();
    await called(name);
    await $(parts.recipeAsk('fact')).click();
    await $(parts.recipeLabel('fact')).setValue('Which fact?');
    expect(await accessibilityFaults()).toEqual([]);
    await $(parts.recipeSave).click();
    await $(parts.recipeDialog).waitForExist({ reverse: true });
    await expect($(parts.recipe(name))).toBeDisplayed();
    await expect($(parts.recipeNote)).toHaveText(new RegExp(name));
    expect(await accessibilityFaults()).toEqual([]);
  });

  it('asks for nothing else at the next use, and runs', async () => {
    await browser.refresh();
    await $(parts.recipeNote).waitForDisplayed();
    await $(parts.recipeLeave).click();
    await $(parts.composeList('recipes')).click();
    await $(parts.recipe(name)).waitForDisplayed();
    await $(`${parts.recipe(name)} button`).click();
    await expect($(parts.input('fact'))).toHaveValue('role');
    await expect($(parts.inputField('fact'))).toHaveText(/Which fact\?/);
    await $(parts.input('fact')).setValue('os.family');
    await windowPage.run();
    await windowPage.resultsBecome(fleetSize);
  });

  it('is run by `muster recipes run` as well', async () => {
    const { code, out } = await muster(surroundings().home, 'recipes', 'run', name, 'fact=os.family', '--json');
    expect(code).toBe(0);
    // `muster recipes run --json` prints what `muster rpc --json` does.
    const { replies } = JSON.parse(out) as Answers;
    expect(replies.length).toBe(fleetSize);
    expect(replies.every(({ data }) => data.value !== '')).toBe(true);
  });

  it('is changed and duplicated', async () => {
    await windowPage.goTo('compose');
    await choose(name, 'duplicate');
    await called('Kernels');
    await $(parts.recipeSave).click();
    await $(parts.recipe('Kernels')).waitForDisplayed();
    await choose('Kernels', 'edit');
    await $(parts.recipeDialog).waitForDisplayed();
    await $(parts.recipeAsk('fact')).click();
    await $(parts.recipeSave).click();
    await $(parts.recipeDialog).waitForExist({ reverse: true });
    await expect($(parts.input('fact'))).not.toBeExisting();
    const shown = await muster(surroundings().home, 'recipes', 'show', 'kernels', '--json');
    expect(JSON.parse(shown.out)).toMatchObject({ inputs: { fact: 'role' }, prompts: [] });
  });

  it('is pinned to the sidebar, and used from there on another page', async () => {
    await choose('Kernels', 'pin');
    await $(parts.pin('Kernels')).waitForDisplayed();
    expect(await accessibilityFaults()).toEqual([]);
    await windowPage.goTo('history');
    await browser.refresh();
    await $(`${parts.pin('Kernels')} button`).click();
    await expect($(parts.recipeNote)).toHaveText(/Kernels/);
  });

  it('is deleted, and brought back', async () => {
    await choose('Kernels', 'remove');
    await $(parts.recipe('Kernels')).waitForExist({ reverse: true });
    await $(parts.recipeUndo).click();
    await $(parts.recipe('Kernels')).waitForDisplayed();
  });

  it('is exported into a file, and imported', async () => {
    await $(parts.recipesTransfer).click();
    await $(parts.recipesExport).click();
    let saved = '';
    await browser.waitUntil(async () => {
      [saved = ''] = await readdir(folder);
      return saved.endsWith('.json');
    });
    const document = await readFile(join(folder, saved), 'utf8');
    const file = join(folder, 'other.json');
    await writeFile(file, document.replaceAll('Kernels', 'Imported'));
    await $(parts.recipesTransfer).click();
    await $(parts.recipesImport).click();
    await $(parts.importFile).setValue(file);
    await $(parts.importStart).click();
    await expect($(parts.importCounts)).toHaveText(/1 added.*1 kept/);
    await browser.keys('Escape');
    await $(parts.recipe('Imported')).waitForDisplayed();
    await expect($$(parts.anyRecipe)).toBeElementsArrayOfSize(3);
  });
});
