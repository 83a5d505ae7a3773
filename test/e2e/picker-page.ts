import { $, $$, browser } from '@wdio/globals';
import { parts } from './test-ids.ts';

/** Clicks one of several like parts, by its place in the page. */
async function click(part: string, place = 0): Promise<void> {
  const found = await $$(part).getElements();
  const one = found[place];
  if (one === undefined) throw new Error(`There are ${found.length} of ${part}, but none at ${place}`);
  await one.click();
}

/** What a person does with the builder, facets and presets, by mouse alone but for names of presets. */
export const pickerPage = {
  async openBuilder(): Promise<void> {
    await click(parts.builderToggle);
    await $(parts.builder).waitForDisplayed();
  },

  /** Adds a condition to a group; groups are counted from the outermost, which is 0, in the order of the page. */
  addCondition: (group: number): Promise<void> => click(parts.builderAddRow, group),

  addGroup: (group: number): Promise<void> => click(parts.builderAddGroup, group),

  /** Chooses from the list of a field of a row; rows are counted from 0 in the order of the page. */
  async choose(field: 'fact' | 'operator' | 'value', row: number, value: string): Promise<void> {
    await click(parts.builderField(field), row);
    const option = $(parts.builderOption(field, value));
    await option.waitForDisplayed();
    await option.click();
    await option.waitForExist({ reverse: true });
  },

  /** How many rows the builder shows, and how many groups besides the outermost. */
  async shape(): Promise<{ rows: number; groups: number }> {
    const [rows, groups] = await Promise.all([$$(parts.builderRow).length, $$(parts.builderGroup).length]);
    return { rows, groups: groups - 1 };
  },

  /** The text of the filter line. */
  filterText: (): Promise<string> => $(parts.filterText).getText(),

  /** Asks the fleet and gives the number of nodes that answered. */
  async askFleet(): Promise<number> {
    await $(parts.askFleet).click();
    await $(parts.discoveryCount).waitForDisplayed({ timeout: 20_000 });
    return Number(await $(parts.discoveryCount).getAttribute('data-answered'));
  },

  async openPresets(): Promise<void> {
    await $(parts.pickTab('presets')).click();
    await $(parts.presets).waitForDisplayed();
  },

  async savePreset(name: string): Promise<void> {
    await this.openPresets();
    await $(parts.savePreset).click();
    await $(parts.presetName).setValue(name);
    await $(parts.presetSave).click();
    await $(parts.presetDialog).waitForExist({ reverse: true });
    await $(parts.preset(name)).waitForDisplayed();
  },

  /** Pins what the panel lists to the sidebar. */
  async pin(kind: 'preset' | 'group', name: string): Promise<void> {
    await $(`${parts[kind](name)} ${parts.savedMenu(kind)}`).click();
    await $(parts.savedPin(kind)).click();
    await $(parts.pin(name)).waitForDisplayed();
  },

  /** Puts the filter of a preset into the line. */
  async applyPreset(name: string): Promise<void> {
    await $(parts.preset(name)).waitForDisplayed();
    await $(parts.preset(name)).$('button').click();
  },

  /** Clicks a value of a facet, such as `fact role`, `web`. */
  facet: (facet: string, value: string): Promise<void> => $(parts.facetValue(facet, value)).$('button').click(),

  /** Waits until a part carries a number as an attribute. */
  async numberBecomes(part: string, attribute: string, wanted: number): Promise<void> {
    await browser.waitUntil(async () => (await $(part).getAttribute(attribute)) === String(wanted), {
      timeoutMsg: `${part} did not say ${wanted}`,
    });
  },
} as const;
