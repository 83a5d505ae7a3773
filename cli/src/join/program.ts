import type { Command } from 'commander';
import { examples } from '../options/examples.ts';
import { addEngineFlags } from '../options/flags.ts';
import type { Finish } from '../program.ts';
import type { Surroundings } from '../surroundings.ts';
import { approveJoin, listJoins, rejectJoin, type ApproveFlags, type DecideFlags, type JoinFlags } from './join.ts';

/** Commands of people who decide who joins the fleet. */
export function addJoinCommands(program: Command, surroundings: Surroundings, finish: Finish): void {
  const join = program
    .command('join')
    .description('Decide who joins the fleet. For those whom its authority names as approvers.');
  const added = (name: string, description: string): Command => {
    const command = join.command(name).description(description).option('-j, --json', 'JSON on STDOUT and nothing else');
    addEngineFlags(command);
    return command;
  };
  const which = ['<which>', 'its name, or the beginning of its key'] as const;
  const yes = ['-y, --yes', 'without being asked; the request must be named by its key'] as const;

  added('list', 'Show who waits for approval. Exit code 1 when nobody does.')
    .action(async (flags: JoinFlags) => finish(await listJoins(flags, surroundings)))
    .addHelpText('after', examples('muster join list'));

  added('approve', 'Approve a request, once its key is seen to be the one that the node or person shows.')
    .argument(...which)
    .option('--replace-holder', 'take back the certificate that the name has, as for a machine that was set up anew')
    .option(...yes)
    .action(async (name: string, flags: ApproveFlags) => finish(await approveJoin(name, flags, surroundings)))
    .addHelpText('after', examples('muster join approve web1.example.com', 'muster join approve 3f2a9c10 --yes'));

  added('reject', 'Reject a request.')
    .argument(...which)
    .option(...yes)
    .action(async (name: string, flags: DecideFlags) => finish(await rejectJoin(name, flags, surroundings)))
    .addHelpText('after', examples('muster join reject web1.example.com'));
}
