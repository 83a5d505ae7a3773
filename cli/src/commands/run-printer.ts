import type { ResultDetail } from '@muster/protocol/bridge';
import type { ActionDefinition, AggregateSummary } from '@muster/protocol/ddl';
import type { Fault, Result } from '@muster/protocol/errors';
import type { RunFlags } from '../options/flags.ts';
import { faultText } from '../output/faults.ts';
import { createPalette } from '../output/palette.ts';
import { createProgress } from '../output/progress.ts';
import { displayMode, isShown, resultBlock } from '../output/result-block.ts';
import { createRunDocument } from '../output/run-json.ts';
import { closingReport, summaryBlocks, type RunOutcome } from '../output/run-report.ts';
import type { Surroundings } from '../surroundings.ts';
import type { ExecutedRun } from './execute-run.ts';

/** What a run looks like from outside, in text or in JSON. */
export interface RunPrinter {
  begin(expected: number): void;
  answer(answer: ResultDetail, answered: number): void;
  /** The engine refused the order: nothing was sent. Gives the fault back, to be reported as any other. */
  refused(fault: Fault): Result<never>;
  end(run: ExecutedRun, summaries: readonly AggregateSummary[]): void;
}

interface PrinterOptions {
  readonly agent: string;
  readonly action: ActionDefinition;
  readonly flags: RunFlags;
  readonly surroundings: Surroundings;
}

const byName = (a: ResultDetail, b: ResultDetail): number => (a.identity < b.identity ? -1 : 1);
const isNobody = ({ discovered, responses }: RunOutcome): boolean => discovered === 0 && responses === 0;
export const nobodyText = 'No request sent, we did not discover any nodes.';

function createJsonPrinter(options: PrinterOptions): RunPrinter {
  const { agent, action, flags, surroundings } = options;
  const { stdout, stderr } = surroundings;
  const document = createRunDocument((text) => stdout.write(text));
  const held: ResultDetail[] = [];
  let begun = false;
  const begin = () => {
    if (!begun) document.begin(agent, action.name);
    begun = true;
  };
  return {
    begin: () => undefined,
    answer: (answer) => {
      begin();
      if (flags.sort === true) held.push(answer);
      else document.reply(answer);
    },
    refused: (error) => ({ ok: false, error }),
    end: ({ outcome, fault }, summaries) => {
      begin();
      for (const answer of held.sort(byName)) document.reply(answer);
      document.end(outcome, summaries, fault);
      if (isNobody(outcome)) stderr.write(`${nobodyText}\n`);
    },
  };
}

function createTextPrinter(options: PrinterOptions): RunPrinter {
  const { action, flags, surroundings } = options;
  const { stdout, stderr } = surroundings;
  const palette = createPalette(stdout.colours);
  const verbose = flags.verbose === true;
  const mode = displayMode(flags.display, verbose, action);
  const progress = createProgress(stderr, flags.progress, surroundings.every);
  const held: ResultDetail[] = [];
  let expected = 0;
  const print = (answer: ResultDetail) => {
    if (isShown(answer, mode)) progress.around(() => stdout.write(resultBlock(answer, action, palette)));
  };
  return {
    begin: (count) => {
      expected = count;
      if (expected > 0) progress.update(0, expected);
    },
    answer: (answer, answered) => {
      progress.update(answered, expected);
      if (flags.sort === true) held.push(answer);
      else print(answer);
    },
    refused: (error) => {
      progress.stop();
      return { ok: false, error };
    },
    end: ({ outcome, fault }, summaries) => {
      progress.stop();
      for (const answer of held.sort(byName)) print(answer);
      if (isNobody(outcome)) stdout.write(`${nobodyText}\n`);
      else stdout.write(summaryBlocks(summaries) + closingReport(outcome, { verbose, width: stdout.columns, palette }));
      if (fault !== null) stderr.write(faultText(fault, undefined, createPalette(stderr.colours).red));
    },
  };
}

/** The printer that the flags ask for. */
export const createPrinter = (options: PrinterOptions): RunPrinter =>
  options.flags.json === true ? createJsonPrinter(options) : createTextPrinter(options);
