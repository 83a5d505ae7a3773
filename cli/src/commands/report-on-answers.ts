import type { ResultDetail } from '@muster/protocol/bridge';
import { ok, type Result } from '@muster/protocol/errors';
import type { NodeFlags } from '../options/flags.ts';
import { chooseNodes } from '../options/node-choice.ts';
import { shownExitCode } from '../output/exit-code.ts';
import { faultText } from '../output/faults.ts';
import { createPalette, type Palette } from '../output/palette.ts';
import { createProgress } from '../output/progress.ts';
import { closingReport, type RunOutcome } from '../output/run-report.ts';
import type { Surroundings } from '../surroundings.ts';
import { executeRun, type ExecutedRun } from './execute-run.ts';
import { findTargets } from './find-targets.ts';
import { nobodyText } from './run-printer.ts';
import { checkCollective, withEngine } from './with-engine.ts';

export interface ReportFlags extends NodeFlags {
  readonly progress: boolean;
}

/** What nodes are asked, and what is made of all answers together. */
export interface AnswersReport {
  readonly agent: string;
  readonly action: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly text: (answers: readonly ResultDetail[], outcome: RunOutcome, palette: Palette) => string;
  /** The whole of what `--json` prints, with its end of line. */
  readonly json: (answers: readonly ResultDetail[], outcome: RunOutcome, fault: ExecutedRun['fault']) => string;
}

/** Asks nodes and reports over all answers together. Exit codes as of a run. */
export async function reportOnAnswers(
  { agent, action, inputs, text, json }: AnswersReport,
  flags: ReportFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  const { stdout, stderr, interrupted } = surroundings;
  const choice = await chooseNodes(flags, surroundings);
  if (!choice.ok) return choice;
  return withEngine(surroundings, flags, 'online', async (engine) => {
    const collective = checkCollective(engine, flags.target);
    if (!collective.ok) return collective;
    const where = { collective: collective.value, flags, surroundings, agent };
    const targets = await findTargets(engine, choice.value, where);
    if (!targets.ok) return targets;
    const expected = targets.value.identities.length;
    const progress = createProgress(stderr, flags.progress && flags.json !== true, surroundings.every);
    if (expected > 0) progress.update(0, expected);
    const answers: ResultDetail[] = [];
    const order = {
      agent,
      action,
      inputs,
      collective: collective.value,
      ...(flags.timeout === undefined ? {} : { timeoutMs: flags.timeout }),
    };
    const onAnswer = (answer: ResultDetail, answered: number) => {
      progress.update(answered, expected);
      answers.push(answer);
    };
    const executed = await executeRun(
      engine,
      { order, targets: targets.value, interrupted, onAnswer },
      surroundings.now,
    );
    progress.stop();
    if (!executed.ok) return executed;
    const { outcome, fault } = executed.value;
    if (flags.json === true) stdout.write(json(answers, outcome, fault));
    else if (expected === 0) stdout.write(`${nobodyText}\n`);
    else {
      const palette = createPalette(stdout.colours);
      stdout.write(text(answers, outcome, palette));
      stdout.write(closingReport(outcome, { verbose: flags.verbose === true, width: stdout.columns, palette }));
      if (fault !== null) stderr.write(faultText(fault, undefined, createPalette(stderr.colours).red));
    }
    return ok(shownExitCode(outcome, fault));
  });
}
