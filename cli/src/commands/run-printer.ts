import type { ResultDetail, RunSummary } from '@muster/protocol/bridge';
import type { ActionDefinition, AggregateSummary } from '@muster/protocol/ddl';
import type { Fault, Result } from '@muster/protocol/errors';
import type { AnswerFlags } from '../options/run-flags.ts';
import { blockView, senderView, tableView, type AnswerView, type CreateView } from '../output/answer-view.ts';
import { faultText } from '../output/faults.ts';
import { createPalette } from '../output/palette.ts';
import { createProgress } from '../output/progress.ts';
import { courseText, milestoneOf } from '../output/run-course.ts';
import { displayMode, isShown, type DisplayMode } from '../output/result-block.ts';
import { createRunDocument } from '../output/run-json.ts';
import { runEvents } from '../output/run-events.ts';
import { closingReport, summaryBlocks, type RunOutcome } from '../output/run-report.ts';
import type { Surroundings } from '../surroundings.ts';
import type { ExecutedRun } from './execute-run.ts';
import type { Targets } from './find-targets.ts';

/** What a run looks like from outside, in text or in JSON. */
export interface RunPrinter {
  begin(): void;
  /** The run has come further. */
  progress(run: RunSummary): void;
  /** Takes an answer; one that is not wanted counts, and is not printed. */
  answer(answer: ResultDetail, answered: number, isWanted: boolean): void;
  /** The engine refused the order: nothing was sent. Gives the fault back, to be reported as any other. */
  refused(fault: Fault): Result<never>;
  end(run: ExecutedRun, summaries: readonly AggregateSummary[]): void;
}

interface PrinterOptions {
  readonly agent: string;
  readonly action: ActionDefinition;
  /** The nodes, as far as they are known. */
  readonly targets: Pick<Targets, 'identities' | 'method' | 'durationMs'>;
  readonly flags: AnswerFlags;
  /** Nobody is to answer. */
  readonly noResults?: boolean;
  readonly surroundings: Surroundings;
  /** What answers look like in text, where flags do not say. */
  readonly view?: CreateView;
}

const byName = (a: ResultDetail, b: ResultDetail): number => (a.identity < b.identity ? -1 : 1);
const isNobody = ({ discovered, responses }: RunOutcome): boolean => discovered === 0 && responses === 0;
export const nobodyText = 'No request sent, we did not discover any nodes.';

/** Hands answers on as they come, or by name once all are there. */
function inOrder(sorted: boolean, print: (answer: ResultDetail) => void) {
  const held: ResultDetail[] = [];
  return {
    take: (answer: ResultDetail) => {
      if (sorted) held.push(answer);
      else print(answer);
    },
    release: () => held.sort(byName).forEach(print),
  };
}

/** Tells each thing that a run comes to once. */
function onMilestones(tell: (run: RunSummary, text: string) => void): (run: RunSummary) => void {
  let last = '';
  return (run) => {
    const milestone = milestoneOf(run);
    if (milestone === null || milestone.key === last) return;
    last = milestone.key;
    tell(run, milestone.text);
  };
}

function createJsonPrinter({ agent, action, flags, surroundings }: PrinterOptions): RunPrinter {
  const { stdout, stderr } = surroundings;
  const document = createRunDocument((text) => stdout.write(text));
  let begun = false;
  const begin = () => {
    if (!begun) document.begin(agent, action.name);
    begun = true;
  };
  const answers = inOrder(flags.sort === true, (answer) => {
    begin();
    document.reply(answer);
  });
  return {
    begin: () => undefined,
    progress: () => undefined,
    answer: (answer, _answered, isWanted) => {
      if (isWanted) answers.take(answer);
    },
    refused: (error) => ({ ok: false, error }),
    end: ({ outcome, fault }, summaries) => {
      begin();
      answers.release();
      document.end(outcome, summaries, fault);
      if (isNobody(outcome)) stderr.write(`${nobodyText}\n`);
    },
  };
}

function createEventPrinter({ agent, action, targets, flags, surroundings }: PrinterOptions): RunPrinter {
  const { stdout, stderr } = surroundings;
  const answers = inOrder(flags.sort === true, (answer) => stdout.write(runEvents.result(answer)));
  return {
    begin: () => stdout.write(runEvents.discovery(agent, action.name, targets)),
    progress: onMilestones((run) => stdout.write(runEvents.progress(run))),
    answer: (answer, _answered, isWanted) => {
      if (isWanted) answers.take(answer);
    },
    refused: (error) => ({ ok: false, error }),
    end: ({ outcome, fault }, summaries) => {
      answers.release();
      if (fault !== null) stdout.write(runEvents.error(fault));
      stdout.write(runEvents.summaries(summaries) + runEvents.stats(outcome));
      if (isNobody(outcome)) stderr.write(`${nobodyText}\n`);
    },
  };
}

/** The view and which answers it gets; what a flag says goes before what the command would like. */
function chooseView({ action, flags, targets, surroundings, view }: PrinterOptions): {
  readonly view: AnswerView;
  readonly mode: DisplayMode;
} {
  const verbose = flags.verbose === true;
  const { display, filterReplies } = flags;
  const create =
    (flags.table && tableView) ?? (flags.senders && senderView) ?? (verbose ? blockView : (view ?? blockView));
  // Who filters wants to see what is left; a table or a view of its own tells all.
  const usual = filterReplies !== undefined || create === tableView || create === view ? 'all' : undefined;
  const context = { action, identities: targets.identities, palette: createPalette(surroundings.stdout.colours) };
  return { view: create(context), mode: displayMode(display ?? usual, verbose, action) };
}

function createTextPrinter(options: PrinterOptions): RunPrinter {
  const { flags, surroundings, targets } = options;
  const { stdout, stderr } = surroundings;
  const palette = createPalette(stdout.colours);
  const { view, mode } = chooseView(options);
  const isShowing = flags.progress && options.noResults !== true;
  const progress = createProgress(stderr, isShowing, surroundings.every);
  // Where there is no bar, a line says what the run has come to.
  const tell = onMilestones((_run, text) => {
    if (isShowing && !stderr.isTerminal) stderr.write(`${text}\n`);
  });
  let expected = targets.identities.length;
  const answers = inOrder(flags.sort === true, (answer) => {
    const text = isShown(answer, mode) ? view.answer(answer) : '';
    if (text !== '') progress.around(() => stdout.write(text));
  });
  return {
    begin: () => {
      if (expected > 0) progress.update(0, expected);
    },
    progress: (run) => {
      if (run.expected > 0) ({ expected } = run);
      progress.note(courseText(run));
      tell(run);
    },
    answer: (answer, answered, isWanted) => {
      progress.update(answered, expected);
      if (isWanted) answers.take(answer);
    },
    refused: (error) => {
      progress.stop();
      return { ok: false, error };
    },
    end: ({ outcome, fault }, summaries) => {
      progress.stop();
      answers.release();
      if (flags.senders === true) {
        if (isNobody(outcome)) stderr.write(`${nobodyText}\n`);
      } else if (isNobody(outcome)) stdout.write(`${nobodyText}\n`);
      else
        stdout.write(
          view.end() +
            (view.summarises === true ? '' : summaryBlocks(summaries)) +
            closingReport(outcome, { verbose: flags.verbose === true, width: stdout.columns, palette }),
        );
      if (fault !== null) stderr.write(faultText(fault, undefined, createPalette(stderr.colours).red));
    },
  };
}

/** The printer that the flags ask for. */
export function createPrinter(options: PrinterOptions): RunPrinter {
  if (options.flags.json === true) return createJsonPrinter(options);
  return options.flags.jsonl === true ? createEventPrinter(options) : createTextPrinter(options);
}
