import { Option, type Command } from 'commander';
import { examples } from '../options/examples.ts';
import { addActionFlags, faultyRunText, type RunFlags } from '../options/run-flags.ts';
import { seconds } from '../options/values.ts';
import type { Finish } from '../program.ts';
import type { Surroundings } from '../surroundings.ts';
import {
  shellJob,
  shellList,
  shellRun,
  shellStart,
  shellWatch,
  type CommandFlags,
  type ShellRunFlags,
} from './shell.ts';

/** `muster shell`: commands on nodes whose agent `shell` is switched on. */
export function addShellCommands(program: Command, surroundings: Surroundings, finish: Finish): void {
  const shell = program.command('shell').description('Run commands on nodes that allow it.');
  const add = (name: string, description: string) => shell.command(name).description(description);
  const done = (flags: RunFlags) => (outcome: Parameters<Finish>[0]) =>
    finish(outcome, (fault) => faultyRunText(flags, fault));
  const user = '--user <user>';
  const asUser = 'as which user the command runs';

  const run = add('run', 'Run a command, wait for it, and print what it wrote.')
    .argument('<command...>', 'the command; in quotes, or after --, where it has flags of its own')
    .option(user, asUser)
    .option('--tail', 'print what it writes while it runs')
    .addOption(new Option('--kill-after <seconds>', 'when nodes end the command').argParser(seconds))
    .action(async (words: string[], flags: ShellRunFlags) => done(flags)(await shellRun(words, flags, surroundings)));
  addActionFlags(run);
  run.addHelpText(
    'after',
    examples(`muster shell run 'df -h /' -C role::web`, 'muster shell run --tail -I web1 -- journalctl -f -u nginx'),
  );

  const start = add('start', 'Start a command, and print the handle under which it can be found again.')
    .argument('<command...>', 'the command; in quotes, or after --, where it has flags of its own')
    .option(user, asUser)
    .action(async (words: string[], flags: CommandFlags) => done(flags)(await shellStart(words, flags, surroundings)));
  addActionFlags(start);
  start.addHelpText('after', examples(`muster shell start 'make world' -I build1`));

  const list = add('list', 'List the commands that were started; with -v what they are.').action(
    async (flags: RunFlags) => done(flags)(await shellList(flags, surroundings)),
  );
  addActionFlags(list);
  list.addHelpText('after', examples('muster shell list -v'));

  const watch = add('watch', 'Print what started commands write, until they end.')
    .argument('<handle...>', 'handles of the commands')
    .action(async (handles: string[], flags: RunFlags) => done(flags)(await shellWatch(handles, flags, surroundings)));
  addActionFlags(watch);
  watch.addHelpText('after', examples('muster shell watch 3f2b8c1e-0d5a-4e0f-9a53-5d8a1f0c7b11'));

  for (const [name, description] of [
    ['status', 'Print what a started command has written so far.'],
    ['kill', 'End a started command.'],
  ] as const) {
    const command = add(name, description)
      .argument('<handle>', 'handle of the command')
      .action(async (handle: string, flags: RunFlags) =>
        done(flags)(await shellJob(name, handle, flags, surroundings)),
      );
    addActionFlags(command);
    command.addHelpText('after', examples(`muster shell ${name} 3f2b8c1e-0d5a-4e0f-9a53-5d8a1f0c7b11`));
  }
}
