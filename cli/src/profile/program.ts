import { Option, type Command } from 'commander';
import { profileColours } from '@muster/protocol/bridge';
import { examples } from '../options/examples.ts';
import type { Finish } from '../program.ts';
import type { Surroundings } from '../surroundings.ts';
import {
  addProfile,
  changeProfile,
  listProfiles,
  removeProfile,
  useAsPresent,
  type AddFlags,
  type ChangeFlags,
  type ProfileFlags,
} from './profiles.ts';

const colour = () => new Option('--colour <colour>', 'what marks it in the window').choices(profileColours);

/** `muster profile`: several fleets of one person, each with a home of its own. */
export function addProfileCommands(program: Command, surroundings: Surroundings, finish: Finish): void {
  const profile = program
    .command('profile')
    .description('Work with several fleets: each has a name, and a home with keys and history of its own.');
  const add = (name: string, description: string) =>
    profile.command(name).description(description).option('-j, --json', 'JSON on STDOUT and nothing else');
  add('list', 'List your fleets; * is the present one, which commands work on that name none.')
    .action(async (flags: ProfileFlags) => finish(await listProfiles(flags, surroundings)))
    .addHelpText('after', examples('muster profile list'));
  add('add', 'Add a fleet. Its home is set up by `muster keys join FILE --profile NAME`, or in the window.')
    .argument('<name>', 'its name')
    .option('--home <dir>', 'its home (default: a folder of its own beside the others)')
    .addOption(colour())
    .action(async (name: string, flags: AddFlags) => finish(await addProfile(name, flags, surroundings)))
    .addHelpText(
      'after',
      examples(
        'muster profile add staging',
        'muster profile add production --home /srv/muster/production --colour red',
      ),
    );
  add('use', 'Make a fleet the present one, which commands and windows work on that name none.')
    .argument('<name>', 'its name')
    .action(async (name: string, flags: ProfileFlags) => finish(await useAsPresent(name, flags, surroundings)))
    .addHelpText('after', examples('muster profile use staging'));
  add('change', 'Give a fleet another name, or another colour; its home stays where it is.')
    .argument('<name>', 'its name')
    .option('--name <name>', 'its new name')
    .addOption(colour())
    .action(async (name: string, flags: ChangeFlags) => finish(await changeProfile(name, flags, surroundings)))
    .addHelpText('after', examples('muster profile change default --name production --colour red'));
  add('remove', 'Forget a fleet. Its home stays, with all keys and data.')
    .argument('<name>', 'its name')
    .action(async (name: string, flags: ProfileFlags) => finish(await removeProfile(name, flags, surroundings)))
    .addHelpText('after', examples('muster profile remove staging'));
}
