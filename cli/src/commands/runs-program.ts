import { Option, type Command } from 'commander';
import { importArchives, type ImportFlags } from '../database/import-runs.ts';
import { addHistoryCommands } from '../history/program.ts';
import { addQueryFlags } from '../history/query.ts';
import { nodeStates } from '@muster/protocol/run';
import { addEngineFlags, addOutputFlags } from '../options/flags.ts';
import { addReportFlags } from '../options/report-flags.ts';
import { addAnswerFlags, faultyAnswerText } from '../options/run-flags.ts';
import { repeatedState, rowCount } from '../options/values.ts';
import { displayFlags } from '../output/result-block.ts';
import type { Finish } from '../program.ts';
import type { Surroundings } from '../surroundings.ts';
import { exportRun, type ExportFlags } from './export-run.ts';
import { attachRun, watchRun, type AttachFlags } from './attach-run.ts';
import { listRuns, showRun, type RunsListFlags, type RunsShowFlags } from './runs.ts';
import { steerRun, type SteerFlags, type Steering } from './steer-run.ts';

const idText = 'id of the run or the first digits of it, or `last`';

/** `attach` and `watch`. */
function addShowingCommands(runs: Command, surroundings: Surroundings, finish: Finish): void {
  const attach = runs
    .command('attach')
    .description('Print a run as `rpc` does, from its first answer to its end; conduct it where nobody does.')
    .argument('<id>', idText)
    .addOption(new Option('--background').hideHelp())
    .action(async (id: string, flags: AttachFlags) =>
      finish(await attachRun(id, flags, surroundings), (fault) => faultyAnswerText(flags, fault)),
    );
  const watch = runs
    .command('watch')
    .description('The same, without ever conducting it.')
    .argument('<id>', idText)
    .action(async (id: string, flags: AttachFlags) =>
      finish(await watchRun(id, flags, surroundings), (fault) => faultyAnswerText(flags, fault)),
    );
  for (const command of [attach, watch]) {
    addEngineFlags(command);
    addAnswerFlags(command);
  }
  attach.addHelpText(
    'after',
    '\nCtrl-C leaves the run. What this command conducts goes on on the nodes that have been asked, and is paused before the others.\n' +
      '\nExamples:\n  muster runs attach last\n  muster runs attach 3f9a --table\n',
  );
  watch.addHelpText('after', '\nExamples:\n  muster runs watch last\n  muster runs watch 3f9a --jsonl\n');
}

const steerings: Readonly<Record<Steering, string>> = {
  pause: 'Ask no further node until the run is resumed.',
  resume: 'Go on with a run: after a pause, after its canaries, or where nobody conducts it.',
  stop: 'Ask no further node; those that were asked may finish.',
  cancel: 'Ask no further node, and have those that were asked let it be where they can.',
};

function addSteeringCommands(runs: Command, surroundings: Surroundings, finish: Finish): void {
  for (const [name, description] of Object.entries(steerings) as [Steering, string][]) {
    // Object.entries forgets what the keys are
    const command = runs
      .command(name)
      .description(description)
      .argument('<id>', idText)
      .action(async (id: string, flags: SteerFlags) => finish(await steerRun(name, id, flags, surroundings)));
    addEngineFlags(command);
    addOutputFlags(command);
    command.addHelpText('after', `\nExamples:\n  muster runs ${name} last\n  muster runs ${name} 3f9a --json\n`);
  }
}

function addImportCommand(runs: Command, surroundings: Surroundings, finish: Finish): void {
  const command = runs
    .command('import')
    .description('Read runs back that have gone to the archive. What is here already stays as it is.')
    .argument('<file...>', 'archives, compressed or not')
    .option('--skip-damaged', 'take what can be read of runs with damaged lines')
    .option('-j, --json', 'JSON on STDOUT and nothing else')
    .action(async (files: string[], flags: ImportFlags) => finish(await importArchives(files, flags, surroundings)));
  addEngineFlags(command);
  command.addHelpText('after', '\nExamples:\n  muster runs import archive/2026-11/*.ndjson.gz\n');
}

function addExportCommand(runs: Command, surroundings: Surroundings, finish: Finish): void {
  const command = runs
    .command('export')
    .description(
      'Write a run as a report, in a form for people or for programs, or as evidence: see `muster evidence verify`.',
    )
    .argument('<id>', idText)
    .addOption(new Option('--evidence', 'the same as --format evidence').conflicts('format'))
    .addOption(new Option('--out <file>').hideHelp().conflicts('output'))
    .addOption(
      new Option('--state <state>', 'only nodes in this state; may be given more than once')
        .choices(nodeStates)
        .argParser(repeatedState),
    )
    .option('--search <text>', 'only answers with this text in name, message or data')
    .option('--filter-replies <expression>', 'only answers that match, such as data.exitcode>0 or no_answer')
    .option('--nodes <file>', 'only these nodes: a file with one name a line, or - for STDIN')
    .option('--columns <outputs>', 'outputs that get a column (default: all, or the first ones in forms for people)')
    .option('-j, --json', 'tell in JSON on STDOUT what was written')
    .action(async (id: string, flags: ExportFlags) => finish(await exportRun(id, flags, surroundings)));
  addReportFlags(command);
  addEngineFlags(command);
  command.addHelpText(
    'after',
    '\nExamples:\n  muster runs export last --output run.html\n  muster runs export last --state failed --state no_answer --format names > again.txt\n' +
      '  muster runs export last --format ndjson | jq .identity\n  muster runs export last --output run.evidence\n',
  );
}

/** Commands about what was asked before. */
export function addRunsCommands(program: Command, surroundings: Surroundings, finish: Finish): void {
  const runs = program
    .command('runs')
    .description('Look at runs, go on with them, or end them: what was asked, of whom, and what came back.');
  const list = runs
    .command('list')
    .description('List the runs of this console, newest first.')
    .addOption(new Option('--limit <count>', 'how many, up to 500').argParser(rowCount).default(25))
    .action(async (flags: RunsListFlags) => finish(await listRuns(flags, surroundings)));
  addQueryFlags(list, surroundings.now);
  addEngineFlags(list);
  addOutputFlags(list);
  list.addHelpText(
    'after',
    '\nExamples:\n  muster runs list\n  muster runs list --search rpcutil --json\n  muster runs list --action puppet.runonce --node web1 --since 7d --failures\n',
  );
  const show = runs
    .command('show')
    .description('Show one run with every answer.')
    .argument('<id>', idText)
    .addOption(new Option('--display <which>', 'which answers to print (default: all)').choices(displayFlags))
    .action(async (id: string, flags: RunsShowFlags) => finish(await showRun(id, flags, surroundings)));
  addEngineFlags(show);
  addOutputFlags(show);
  show.addHelpText(
    'after',
    '\nExamples:\n  muster runs show last\n  muster runs show last --json | muster rpc rpcutil ping\n',
  );
  addShowingCommands(runs, surroundings, finish);
  addSteeringCommands(runs, surroundings, finish);
  addExportCommand(runs, surroundings, finish);
  addImportCommand(runs, surroundings, finish);
  addHistoryCommands(runs, surroundings, finish);
}
