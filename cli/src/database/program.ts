import type { Command } from 'commander';
import { examples } from '../options/examples.ts';
import { addHomeFlag } from '../options/flags.ts';
import type { Finish } from '../program.ts';
import type { Surroundings } from '../surroundings.ts';
import { backUp, check, compact, type BackUpFlags, type DatabaseFlags } from './database.ts';

/** Commands that look after the file with all that this console remembers. */
export function addDatabaseCommands(program: Command, surroundings: Surroundings, finish: Finish): void {
  const database = program
    .command('db')
    .description('Look after the database of this console: check it, back it up, make it smaller.');
  const finished = (command: Command): Command => {
    addHomeFlag(command);
    return command.option('-j, --json', 'JSON on STDOUT and nothing else');
  };
  finished(
    database
      .command('check')
      .description(
        'Read all of the database and say whether it is sound. Changes nothing; exit code 1 when it is damaged.',
      ),
  )
    .action(async (flags: DatabaseFlags) => finish(await check(flags, surroundings)))
    .addHelpText('after', examples('muster db check', 'muster db check --json'));
  finished(
    database
      .command('backup')
      .description('Copy the database into one file, also while a console works on it.')
      .argument('[file]', 'the copy (default: a name with the time, in the folder backups beside the database)')
      .option('--force', 'write over the file, if there is one'),
  )
    .action(async (file: string | undefined, flags: BackUpFlags) => finish(await backUp(file, flags, surroundings)))
    .addHelpText('after', examples('muster db backup', 'muster db backup /srv/backup/muster.db --force'));
  finished(
    database
      .command('compact')
      .description(
        'Move old runs into the archive, as `history` in console.yaml says, and give unused room back to the disk.',
      ),
  )
    .action(async (flags: DatabaseFlags) => finish(await compact(flags, surroundings)))
    .addHelpText('after', examples('muster db compact'));
}
