import { InvalidArgumentError, Option, type Command } from 'commander';
import { reportFormats } from '@muster/protocol/bridge';
import { addEngineFlags } from '../options/flags.ts';
import { addReportFlags } from '../options/report-flags.ts';
import { repeated } from '../options/values.ts';
import type { Finish } from '../program.ts';
import type { Surroundings } from '../surroundings.ts';
import { compareRuns, comparisonKind, type CompareFlags } from './compare.ts';
import { deleteRuns, noteRun, pinRuns, restoreRuns, type MarkFlags, type NoteFlags } from './marks.ts';

const comparisonFormats = reportFormats.filter((format) => format !== 'evidence');

const idText = 'id of the run or the first digits of it, or `last`';
const idsText = 'ids of runs or the first digits of them, or `last`';

function noteNumber(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be the number of a note.');
}

function addCompareCommand(runs: Command, surroundings: Surroundings, finish: Finish): void {
  const compare = runs
    .command('compare')
    .description(
      'Compare two runs, node by node and output by output. Exit codes: 0 the same, 1 different, 2 could not be compared.',
    )
    .argument('<first>', idText)
    .argument('<second>', 'the run to compare it with')
    .addOption(
      new Option(
        '--ignore <output>',
        'an output in which answers may differ, @message or @code; may be given several times',
      ).argParser(repeated),
    )
    .addOption(
      new Option('--kind <kind>', 'only these nodes: state, changed, only_before, only_after, same').argParser(
        comparisonKind,
      ),
    )
    .option('-j, --json', 'JSON on STDOUT and nothing else')
    .action(async (first: string, second: string, flags: CompareFlags) =>
      finish(await compareRuns(first, second, flags, surroundings)),
    );
  addReportFlags(compare, comparisonFormats);
  addEngineFlags(compare);
  compare.addHelpText(
    'after',
    '\nExamples:\n  muster runs compare 3f9a last\n  muster runs compare 3f9a 77c0 --ignore uptime --kind changed --json\n  muster runs compare 3f9a last --output changes.html\n',
  );
}

/** Commands about the history of runs. */
export function addHistoryCommands(runs: Command, surroundings: Surroundings, finish: Finish): void {
  addCompareCommand(runs, surroundings, finish);
  const note = runs
    .command('note')
    .description('Write a note on a run; without a text, tell those that are there.')
    .argument('<id>', idText)
    .argument('[text]', 'the note')
    .addOption(new Option('--remove <number>', 'remove this note').argParser(noteNumber))
    .option('-j, --json', 'JSON on STDOUT and nothing else')
    .action(async (id: string, text: string | undefined, flags: NoteFlags) =>
      finish(await noteRun(id, text, flags, surroundings)),
    );
  note.addHelpText('after', '\nExamples:\n  muster runs note last "after the change of Tuesday"\n');
  const pin = runs
    .command('pin')
    .description('Keep runs: neither age nor a slip removes them.')
    .argument('<id...>', idsText)
    .option('-j, --json', 'JSON on STDOUT and nothing else')
    .action(async (ids: string[], flags: MarkFlags) => finish(await pinRuns(ids, true, flags, surroundings)));
  const unpin = runs
    .command('unpin')
    .description('Let runs go with the others again.')
    .argument('<id...>', idsText)
    .option('-j, --json', 'JSON on STDOUT and nothing else')
    .action(async (ids: string[], flags: MarkFlags) => finish(await pinRuns(ids, false, flags, surroundings)));
  const remove = runs
    .command('delete')
    .description('Take runs out of the history; it can be taken back for an hour. Pinned and open ones stay.')
    .argument('<id...>', idsText)
    .option('-j, --json', 'JSON on STDOUT and nothing else')
    .action(async (ids: string[], flags: MarkFlags) => finish(await deleteRuns(ids, flags, surroundings)));
  const restore = runs
    .command('restore')
    .description('Take back that runs were deleted.')
    .argument('<id...>', 'whole ids')
    .option('-j, --json', 'JSON on STDOUT and nothing else')
    .action(async (ids: string[], flags: MarkFlags) => finish(await restoreRuns(ids, flags, surroundings)));
  for (const command of [note, pin, unpin, remove, restore]) addEngineFlags(command);
}
