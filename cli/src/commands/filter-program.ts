import type { Command } from 'commander';
import { addSelectionFlags } from '../options/flags.ts';
import { faultyText } from '../options/selection.ts';
import type { Finish } from '../program.ts';
import type { Surroundings } from '../surroundings.ts';
import { explain, matchFilter, type FilterExplainFlags, type FilterMatchFlags } from './filter.ts';

/** Commands that try filters without a fleet. */
export function addFilterCommands(program: Command, surroundings: Surroundings, finish: Finish): void {
  const filter = program.command('filter').description('Try filters without asking the fleet.');
  const match = filter
    .command('match')
    .description('Say whether a node, described in a file, is selected. Exit codes: 0 yes, 1 no, 2 error.')
    .requiredOption(
      '--node <file>',
      'the node as JSON: identity, collectives, facts, classes, agents, data; - is STDIN',
    )
    .action(async (flags: FilterMatchFlags) =>
      finish(await matchFilter(flags, surroundings), (fault) => faultyText(flags, fault)),
    );
  addSelectionFlags(match);
  match.addHelpText('after', `\nExamples:\n  muster filter match --node web1.json -S "os=linux and not mysql"\n`);
  const explainCommand = filter
    .command('explain')
    .description('Say in words what the flags select, and what it takes to find those nodes.')
    .option('-j, --json', 'JSON on STDOUT and nothing else')
    .action((flags: FilterExplainFlags) => finish(explain(flags, surroundings), (fault) => faultyText(flags, fault)));
  addSelectionFlags(explainCommand);
  explainCommand.addHelpText(
    'after',
    `\nExamples:\n  muster filter explain -C role::web -S "cpu >= 4 or fstat('/etc/x').size > 0"\n`,
  );
}
