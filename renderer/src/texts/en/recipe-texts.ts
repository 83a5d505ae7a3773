import { formatNumber } from '../format.ts';

/** Texts of recipes: runs that are kept under a name. */
export const recipeTexts = {
  recipes: {
    title: 'Recipes',
    tabs: 'What to run',
    tab: { actions: 'Actions', recipes: 'Recipes' },
    saveAs: 'Save as recipe…',
    search: 'Search recipes',
    empty: 'No recipes yet',
    emptyMore: 'Compose a run and save it as a recipe: everything but what you choose to be asked for is kept.',
    noMatch: 'No recipe has this in it',
    use: (name: string) => `Use the recipe ${name}`,
    asks: (count: number) => (count === 1 ? 'asks for 1 input' : `asks for ${formatNumber(count)} inputs`),
    edit: 'Change…',
    duplicate: 'Duplicate…',
    copyOf: (name: string) => `${name} copy`,
    exportAll: 'Export all recipes',
    importTitle: 'Import recipes',
    newTitle: 'Save as a recipe',
    editTitle: (name: string) => `Change the recipe ${name}`,
    inputs: 'Asked for at each use',
    inputsMore: 'What is ticked is asked for, beginning with what is filled in now. Everything else stays as it is.',
    label: (prompt: string) => `How to ask for ${prompt}`,
    value: (text: string) => `Now: ${text.slice(0, 120)}`,
    secret: 'Secret: never kept',
    needed: (prompt: string) => `${prompt} needs a value, or has to be asked for`,
    inUse: (name: string) => `Recipe ${name}`,
    kept: (count: number) =>
      count === 1
        ? '1 other input is as the recipe has it.'
        : `${formatNumber(count)} other inputs are as the recipe has them.`,
    showAll: 'Show all inputs',
    showAsked: 'Show only what it asks for',
    change: 'Save the recipe…',
    leave: 'Leave the recipe',
    nothing: 'This recipe asks for nothing.',
  },
} as const;
