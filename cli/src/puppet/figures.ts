import type { ResultDetail } from '@muster/protocol/bridge';
import { ok, type Result } from '@muster/protocol/errors';
import type { NodeFlags } from '../options/flags.ts';
import { chooseNodes } from '../options/node-choice.ts';
import { exitCodes, runExitCode } from '../output/exit-code.ts';
import { faultText } from '../output/faults.ts';
import { createPalette, type Palette } from '../output/palette.ts';
import { createProgress } from '../output/progress.ts';
import { countJson, countPuppet, countText } from './count.ts';
import { summaryJson, summaryText, summarisePuppet } from './summary.ts';
import { faultJson, statisticsJson } from '../output/run-json.ts';
import { closingReport, type RunOutcome } from '../output/run-report.ts';
import { cleanJson } from '../output/clean-text.ts';
import type { Surroundings } from '../surroundings.ts';
import { executeRun } from '../commands/execute-run.ts';
import { findTargets } from '../commands/find-targets.ts';
import { nobodyText } from '../commands/run-printer.ts';
import { checkCollective, withEngine } from '../commands/with-engine.ts';

export interface FiguresFlags extends NodeFlags {
  readonly progress: boolean;
}

interface Report {
  readonly action: 'status' | 'last_run_summary';
  readonly text: (answers: readonly ResultDetail[], outcome: RunOutcome, palette: Palette) => string;
  readonly json: (answers: readonly ResultDetail[]) => object;
}

/** Asks nodes about Puppet and reports over all answers together. Exit codes as of a run. */
async function reportOn(report: Report, flags: FiguresFlags, surroundings: Surroundings): Promise<Result<number>> {
  const { stdout, stderr, interrupted } = surroundings;
  const choice = await chooseNodes(flags, surroundings);
  if (!choice.ok) return choice;
  return withEngine(surroundings, flags, 'online', async (engine) => {
    const collective = checkCollective(engine, flags.target);
    if (!collective.ok) return collective;
    const where = { collective: collective.value, flags, surroundings, agent: 'puppet' };
    const targets = await findTargets(engine, choice.value, where);
    if (!targets.ok) return targets;
    const expected = targets.value.identities.length;
    const progress = createProgress(stderr, flags.progress && flags.json !== true, surroundings.every);
    if (expected > 0) progress.update(0, expected);
    const answers: ResultDetail[] = [];
    const order = {
      agent: 'puppet',
      action: report.action,
      inputs: {},
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
    const palette = createPalette(stdout.colours);
    if (flags.json === true) {
      const error = fault === null ? {} : { error: faultJson(fault) };
      stdout.write(`${cleanJson({ ...report.json(answers), request_stats: statisticsJson(outcome), ...error })}\n`);
    } else if (expected === 0) stdout.write(`${nobodyText}\n`);
    else {
      stdout.write(report.text(answers, outcome, palette));
      stdout.write(closingReport(outcome, { verbose: flags.verbose === true, width: stdout.columns, palette }));
      if (fault !== null) stderr.write(faultText(fault, undefined, createPalette(stderr.colours).red));
    }
    if (outcome.interrupted) return ok(exitCodes.interrupted);
    return ok(fault === null ? runExitCode(outcome) : exitCodes.error);
  });
}

/** `muster puppet count`: how many nodes are enabled, disabled and why, applying, stopped, and have daemons. */
export function countPuppetNodes(flags: FiguresFlags, surroundings: Surroundings): Promise<Result<number>> {
  return reportOn(
    {
      action: 'status',
      text: (answers, outcome, palette) => countText(countPuppet(answers), outcome, palette),
      json: (answers) => countJson(countPuppet(answers)),
    },
    flags,
    surroundings,
  );
}

/** `muster puppet summary`: figures of the last runs, and on which nodes they failed. */
export function summarisePuppetRuns(flags: FiguresFlags, surroundings: Surroundings): Promise<Result<number>> {
  const nowSeconds = () => surroundings.now() / 1000;
  return reportOn(
    {
      action: 'last_run_summary',
      text: (answers, _outcome, palette) => summaryText(summarisePuppet(answers, nowSeconds()), palette),
      json: (answers) => summaryJson(summarisePuppet(answers, nowSeconds())),
    },
    flags,
    surroundings,
  );
}
