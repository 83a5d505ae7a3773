import { Option, type Command } from 'commander';
import { importModes, type ImportMode } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';
import { examples } from '../options/examples.ts';
import { addDiscoveryFlags, addEngineFlags, addSelectionFlags, type SelectionFlags } from '../options/flags.ts';
import { faultyText } from '../options/selection.ts';
import { repeated } from '../options/values.ts';
import type { Finish } from '../program.ts';
import type { Surroundings } from '../surroundings.ts';
import { groupMembers, namedGroups, saveGroup, type GroupSaveFlags } from './groups.ts';
import {
  exportEntries,
  importEntries,
  listEntries,
  removeEntry,
  showEntry,
  type HomeFlags,
  type ListFlags,
} from './named-entries.ts';
import { namedPresets, savePreset, selectionDocument, type PresetSaveFlags } from './presets.ts';

const about = (flags: SelectionFlags) => (fault: Fault) => faultyText(flags, fault);

/** A command about what has a name, with the flags that all of them have. */
export function finished(command: Command): Command {
  addEngineFlags(command);
  return command.option('-j, --json', 'JSON on STDOUT and nothing else');
}

export const tag = (description: string) => new Option('--tag <tag>', description).argParser(repeated);

function addSaveFlags(command: Command, kind: string): void {
  command
    .option('--description <text>', 'what it is for')
    .addOption(tag('a word to find it by; may be given more than once'))
    .option('--replace', `write over the ${kind} of this name, if there is one`)
    .addOption(
      new Option('--previous <name>', `change this ${kind}, and its name; what is not given stays`).conflicts(
        'replace',
      ),
    );
}

function addPresetCommands(program: Command, surroundings: Surroundings, finish: Finish): void {
  const preset = program
    .command('preset')
    .description('Keep filters under names; other commands take them as --preset NAME.');
  finished(preset.command('list').description('List the presets.').addOption(tag('only those with this tag')))
    .action(async (flags: ListFlags) => finish(await listEntries(namedPresets, flags, surroundings)))
    .addHelpText('after', examples('muster preset list', 'muster preset list --tag production --json'));
  finished(preset.command('show').description('Show one preset.').argument('<name>', 'name of the preset'))
    .action(async (name: string, flags: HomeFlags) => finish(await showEntry(namedPresets, name, flags, surroundings)))
    .addHelpText('after', examples('muster preset show "debian web"'));
  const save = preset.command('save').description('Save a filter under a name.').argument('<name>', 'its name');
  addSelectionFlags(save);
  addDiscoveryFlags(save);
  save.option('-T, --target <collective>', 'collective to ask');
  addSaveFlags(save, 'preset');
  finished(save)
    .action(async (name: string, flags: PresetSaveFlags) =>
      finish(await savePreset(name, flags, surroundings), about(flags)),
    )
    .addHelpText(
      'after',
      examples(
        'muster preset save "debian web" -F os.family=Debian -C role::web --tag production',
        'muster preset save web --previous "debian web"',
        'muster find --preset web -F virtual=false',
      ),
    );
  finished(preset.command('remove').description('Remove a preset.').argument('<name>', 'name of the preset'))
    .action(async (name: string, flags: HomeFlags) =>
      finish(await removeEntry(namedPresets, name, flags, surroundings)),
    )
    .addHelpText('after', examples('muster preset remove web'));
  finished(preset.command('export').description('Write all presets and groups to STDOUT, as JSON.'))
    .action(async (flags: HomeFlags) => finish(await exportEntries(selectionDocument, flags, surroundings)))
    .addHelpText('after', examples('muster preset export > presets.json'));
  const take = preset
    .command('import')
    .description('Take over presets and groups that were exported: all of them, or none where something is wrong.')
    .argument('<file>', 'the JSON; - is STDIN')
    .addOption(
      new Option('--mode <mode>', 'what to do with names that are here already').choices(importModes).default('keep'),
    );
  finished(take)
    .action(async (file: string, flags: HomeFlags & { mode: ImportMode }) =>
      finish(await importEntries(selectionDocument, file, flags, surroundings)),
    )
    .addHelpText('after', examples('muster preset import presets.json --mode replace'));
}

function addGroupCommands(program: Command, surroundings: Surroundings, finish: Finish): void {
  const group = program
    .command('group')
    .description('Keep groups of nodes under names; other commands take them as --group NAME.');
  finished(group.command('list').description('List the groups.').addOption(tag('only those with this tag')))
    .action(async (flags: ListFlags) => finish(await listEntries(namedGroups, flags, surroundings)))
    .addHelpText('after', examples('muster group list', 'muster group list --json'));
  finished(group.command('show').description('Show what a group is made of.').argument('<name>', 'name of the group'))
    .action(async (name: string, flags: HomeFlags) => finish(await showEntry(namedGroups, name, flags, surroundings)))
    .addHelpText('after', examples('muster group show frontend'));
  finished(
    group
      .command('members')
      .description('List the members of a group, by what the inventory knows. Exit code 1 when there are none.')
      .argument('<name>', 'name of the group'),
  )
    .action(async (name: string, flags: HomeFlags) => finish(await groupMembers(name, flags, surroundings)))
    .addHelpText('after', examples('muster group members frontend', 'muster find --group frontend   # asks the fleet'));
  const save = group
    .command('save')
    .description('Save a group: nodes that are named, whoever matches a filter when it is used, and other groups.')
    .argument('<name>', 'its name')
    .addOption(new Option('--node <name>', 'a node; may be given more than once').argParser(repeated))
    .option('--nodes <file>', 'nodes: one a line, or JSON of an earlier run; - is STDIN')
    .addOption(new Option('--include <group>', 'another group; may be given more than once').argParser(repeated));
  addSelectionFlags(save);
  addSaveFlags(save, 'group');
  finished(save)
    .action(async (name: string, flags: GroupSaveFlags) =>
      finish(await saveGroup(name, flags, surroundings), about(flags)),
    )
    .addHelpText(
      'after',
      examples(
        'muster group save canary --node web1.example.com --node db1.example.com',
        'muster find -C role::web | muster group save web-today --nodes -',
        'muster group save frontend -C role::web --include canary',
      ),
    );
  finished(group.command('remove').description('Remove a group.').argument('<name>', 'name of the group'))
    .action(async (name: string, flags: HomeFlags) => finish(await removeEntry(namedGroups, name, flags, surroundings)))
    .addHelpText('after', examples('muster group remove canary'));
}

/** Commands about what is kept under names. */
export function addSelectionCommands(program: Command, surroundings: Surroundings, finish: Finish): void {
  addPresetCommands(program, surroundings, finish);
  addGroupCommands(program, surroundings, finish);
}
