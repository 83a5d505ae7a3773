import { Option, type Command } from 'commander';
import { importModes, type ImportMode } from '@muster/protocol/bridge';
import { examples } from '../options/examples.ts';
import { addActionFlags, addNoResultsFlag, faultyRunText, type RunFlags } from '../options/run-flags.ts';
import type { Finish } from '../program.ts';
import type { Surroundings } from '../surroundings.ts';
import {
  exportEntries,
  importEntries,
  listEntries,
  removeEntry,
  showEntry,
  type HomeFlags,
  type ListFlags,
} from './named-entries.ts';
import { finished, tag } from './presets-program.ts';
import { namedRecipes, runRecipe } from './recipes.ts';

/** Commands about runs that are kept under names. */
export function addRecipeCommands(program: Command, surroundings: Surroundings, finish: Finish): void {
  const recipes = program
    .command('recipes')
    .description('Runs that are kept under names, and ask for what differs at each use. The window saves them.');
  finished(recipes.command('list').description('List the recipes.').addOption(tag('only those with this tag')))
    .action(async (flags: ListFlags) => finish(await listEntries(namedRecipes, flags, surroundings)))
    .addHelpText('after', examples('muster recipes list', 'muster recipes list --tag weekly --json'));
  finished(recipes.command('show').description('Show one recipe.').argument('<name>', 'name of the recipe'))
    .action(async (name: string, flags: HomeFlags) => finish(await showEntry(namedRecipes, name, flags, surroundings)))
    .addHelpText('after', examples('muster recipes show "restart web"'));
  const run = recipes
    .command('run')
    .description('Run a recipe: on its nodes, or on those that flags choose.')
    .argument('<name>', 'name of the recipe')
    .argument('[answers...]', 'what it asks for, as key=value; key=@FILE and key=@- read the value');
  addActionFlags(run);
  addNoResultsFlag(run);
  run
    .action(async (name: string, answers: readonly string[], flags: RunFlags) =>
      finish(await runRecipe(name, answers, flags, surroundings), (fault) => faultyRunText(flags, fault)),
    )
    .addHelpText(
      'after',
      examples('muster recipes run "restart web" service=nginx', 'muster recipes run "restart web" -F role=db --json'),
    );
  finished(recipes.command('remove').description('Remove a recipe.').argument('<name>', 'name of the recipe'))
    .action(async (name: string, flags: HomeFlags) =>
      finish(await removeEntry(namedRecipes, name, flags, surroundings)),
    )
    .addHelpText('after', examples('muster recipes remove "restart web"'));
  finished(recipes.command('export').description('Write all recipes to STDOUT, as JSON.'))
    .action(async (flags: HomeFlags) => finish(await exportEntries(namedRecipes, flags, surroundings)))
    .addHelpText('after', examples('muster recipes export > recipes.json'));
  finished(
    recipes
      .command('import')
      .description('Take over recipes that were exported: all of them, or none where something is wrong.')
      .argument('<file>', 'the JSON; - is STDIN')
      .addOption(
        new Option('--mode <mode>', 'what to do with names that are here already').choices(importModes).default('keep'),
      ),
  )
    .action(async (file: string, flags: HomeFlags & { mode: ImportMode }) =>
      finish(await importEntries(namedRecipes, file, flags, surroundings)),
    )
    .addHelpText('after', examples('muster recipes import recipes.json --mode replace'));
}
