import type { Fault } from '@muster/protocol/errors';
import { Option, type Command } from 'commander';
import { add, addNodeFlags, addOutputFlags, addProgressFlag, fleetGroup } from '../options/flags.ts';
import type { ReportFlags } from '../commands/report-on-answers.ts';
import { addPuppetOptions, type PuppetOptionFlags } from './options.ts';
import { addActionFlags, faultyRunText, type RunFlags } from '../options/run-flags.ts';
import { faultyText } from '../options/selection.ts';
import { seconds } from '../options/values.ts';
import type { Finish } from '../program.ts';
import type { Surroundings } from '../surroundings.ts';
import { disablePuppet, enablePuppet, puppetResource, puppetStatus, runPuppetOnce } from './actions.ts';
import { countPuppetNodes, summarisePuppetRuns } from './figures.ts';
import { puppetRunall, type RunallFlags } from './runall.ts';

const about = (flags: RunFlags) => (fault: Fault) => faultyRunText(flags, fault);

/** `muster puppet …`. */
export function addPuppetCommands(program: Command, surroundings: Surroundings, finish: Finish): void {
  const puppet = program
    .command('puppet')
    .description('Look at Puppet on nodes, run it, switch it off and on.')
    .addHelpText(
      'after',
      `
Examples:
  muster puppet count
  muster puppet disable -F os.family=Debian until the release is out
  muster puppet runonce -I web1 --noop --tags nginx
  muster puppet runall 20 -C role::web
  muster puppet runall --resume
`,
    );

  /** A command that runs one action. */
  const actionCommand = (usage: string, description: string): Command => {
    const command = puppet.command(usage).description(description);
    addActionFlags(command);
    return command;
  };
  /** A command that reports figures over all answers. */
  const figuresCommand = (
    name: string,
    description: string,
    run: (flags: ReportFlags, surroundings: Surroundings) => ReturnType<typeof countPuppetNodes>,
  ): void => {
    const command = puppet
      .command(name)
      .description(description)
      .action(async (flags: ReportFlags) =>
        finish(await run(flags, surroundings), (fault) => faultyText(flags, fault)),
      );
    addNodeFlags(command);
    addProgressFlag(command);
    addOutputFlags(command);
  };

  figuresCommand(
    'count',
    'Count the nodes that are enabled, disabled and why, applying, and stopped.',
    countPuppetNodes,
  );
  actionCommand('status', 'Tell what Puppet does on each node.').action(async (flags: RunFlags) =>
    finish(await puppetStatus(flags, surroundings), about(flags)),
  );
  figuresCommand('summary', 'Figures of the last runs, and where they failed.', summarisePuppetRuns);
  actionCommand('enable', 'Let Puppet run again.').action(async (flags: RunFlags) =>
    finish(await enablePuppet(flags, surroundings), about(flags)),
  );
  actionCommand('disable', 'Keep Puppet from running, and say why.')
    .argument('[message...]', 'the reason, for whoever wonders')
    .action(async (message: string[], flags: RunFlags) =>
      finish(await disablePuppet(message, flags, surroundings), about(flags)),
    );
  const runonce = actionCommand(
    'runonce',
    'Run Puppet on all nodes at the same time; to run a few at a time: runall.',
  ).action(async (flags: RunFlags & PuppetOptionFlags) =>
    finish(await runPuppetOnce(flags, surroundings), about(flags)),
  );
  addPuppetOptions(runonce);
  actionCommand('resource', 'Make one resource what its properties say, on each node.')
    .argument('[type]', 'type of the resource, such as host')
    .argument('[name]', 'name of the resource')
    .argument('[properties...]', 'properties as key=value; key=@FILE takes a file')
    .option('--environment <name>', 'in this environment')
    .action(
      async (
        type: string | undefined,
        name: string | undefined,
        pairs: string[],
        flags: RunFlags & Pick<PuppetOptionFlags, 'environment'>,
      ) => finish(await puppetResource(type, name, pairs, flags, surroundings), about(flags)),
    );

  const runall = puppet
    .command('runall')
    .description('Run Puppet on many nodes, never more than some at once, and tell how each run went.')
    .argument('[concurrency]', 'how many at once')
    .addOption(
      new Option('--rerun <seconds>', 'begin again for ever, at the earliest after so long').argParser(seconds),
    )
    .addOption(
      new Option(
        '--resume [id]',
        'pick up a runall that was interrupted or paused; without an id the last one',
      ).conflicts('cancel'),
    )
    .option('--cancel <id>', 'ask no further node to run; those that run finish')
    .addOption(new Option('--list', 'list the runalls of this console').conflicts(['resume', 'cancel']))
    .action(async (concurrency: string | undefined, flags: RunallFlags) =>
      finish(await puppetRunall(concurrency, flags, surroundings), (fault) => faultyText(flags, fault)),
    );
  addPuppetOptions(runall);
  addNodeFlags(runall);
  add(runall, fleetGroup, '-y, --yes', 'do not ask before a change to every node');
  addProgressFlag(runall);
  addOutputFlags(runall);
  runall.addHelpText(
    'after',
    '\nExamples:\n  muster puppet runall 20 -C role::web\n  muster puppet runall 5 --rerun 3600 --group canaries\n  muster puppet runall --resume\n',
  );
}
