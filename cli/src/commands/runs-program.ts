import { Option, type Command } from 'commander';
import { addHomeFlag, addOutputFlags } from '../options/flags.ts';
import { rowCount } from '../options/values.ts';
import { displayFlags } from '../output/result-block.ts';
import type { Finish } from '../program.ts';
import type { Surroundings } from '../surroundings.ts';
import { listRuns, showRun, type RunsListFlags, type RunsShowFlags } from './runs.ts';

/** Commands about what was asked before. */
export function addRunsCommands(program: Command, surroundings: Surroundings, finish: Finish): void {
  const runs = program
    .command('runs')
    .description('Look at earlier runs: what was asked, of whom, and what came back.');
  const list = runs
    .command('list')
    .description('List the runs of this console, newest first.')
    .addOption(new Option('--limit <count>', 'how many, up to 500').argParser(rowCount).default(25))
    .option('--search <text>', 'only runs with this text in agent, action, person or filter', '')
    .action(async (flags: RunsListFlags) => finish(await listRuns(flags, surroundings)));
  addHomeFlag(list);
  addOutputFlags(list);
  list.addHelpText('after', '\nExamples:\n  muster runs list\n  muster runs list --search rpcutil --json\n');
  const show = runs
    .command('show')
    .description('Show one run with every answer.')
    .argument('<id>', 'id of the run, or `last`')
    .addOption(new Option('--display <which>', 'which answers to print (default: all)').choices(displayFlags))
    .action(async (id: string, flags: RunsShowFlags) => finish(await showRun(id, flags, surroundings)));
  addHomeFlag(show);
  addOutputFlags(show);
  show.addHelpText(
    'after',
    '\nExamples:\n  muster runs show last\n  muster runs show last --json | muster rpc rpcutil ping\n',
  );
}
