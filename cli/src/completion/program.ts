import { Option, type Command } from 'commander';
import { addHomeFlag } from '../options/flags.ts';
import type { Finish } from '../program.ts';
import type { Surroundings } from '../surroundings.ts';
import { completion, type CompletionFlags } from './completion.ts';
import { shells } from './shells.ts';

/** `muster completion`: teaches shells the commands, and the names that the inventory knows. */
export function addCompletionCommand(program: Command, surroundings: Surroundings, finish: Finish): void {
  const command = program
    .command('completion')
    .description(
      'Print the script that teaches a shell to complete commands, flags, agents, actions, inputs and names.',
    )
    .usage('[options] bash|zsh|fish')
    .argument('[words...]', 'bash, zsh or fish')
    .option('--list-applications', 'the commands, one a line')
    .option('--list-agents', 'the agents that the inventory knows')
    .option('--list-actions', 'the actions of --agent')
    .option('--list-inputs', 'the inputs of --action of --agent')
    .option('--agent <agent>', 'an agent')
    .option('--action <action>', 'an action')
    .option('-v, --verbose', 'with descriptions')
    // What the scripts ask with.
    .addOption(new Option('--complete <shell>').choices(shells).hideHelp())
    .addOption(new Option('--line <text>').hideHelp())
    .addOption(new Option('--breaks <characters>').hideHelp())
    .action(async (words: string[], flags: CompletionFlags) =>
      finish(await completion(words, flags, program, surroundings)),
    );
  addHomeFlag(command);
  command.addHelpText(
    'after',
    '\nExamples:\n  muster completion bash > /etc/bash_completion.d/muster\n  eval "$(muster completion zsh)"\n  muster completion fish | source\n  muster completion --list-actions --agent rpcutil -v\n',
  );
}
