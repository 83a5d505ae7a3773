import { ok, type Result } from '@muster/protocol/errors';
import type { NodeFlags } from '../options/flags.ts';
import { chooseNodes } from '../options/node-choice.ts';
import { exitCodes, runExitCode } from '../output/exit-code.ts';
import { factJson, factReport, factTable, factText } from '../output/fact-report.ts';
import { faultText } from '../output/faults.ts';
import { createPalette } from '../output/palette.ts';
import { createProgress } from '../output/progress.ts';
import { closingReport } from '../output/run-report.ts';
import type { Surroundings } from '../surroundings.ts';
import { executeRun } from './execute-run.ts';
import { findTargets } from './find-targets.ts';
import { nobodyText } from './run-printer.ts';
import { checkCollective, withEngine } from './with-engine.ts';

export interface FactsFlags extends NodeFlags {
  readonly table?: true;
  readonly progress: boolean;
}

/** `muster facts`: the values of one fact and how often each occurs. Exit codes as of a run. */
export async function facts(fact: string, flags: FactsFlags, surroundings: Surroundings): Promise<Result<number>> {
  const { stdout, stderr, interrupted } = surroundings;
  const choice = await chooseNodes(flags, surroundings);
  if (!choice.ok) return choice;
  return withEngine(surroundings, flags, 'online', async (engine) => {
    const collective = checkCollective(engine, flags.target);
    if (!collective.ok) return collective;
    const targets = await findTargets(engine, choice.value, {
      collective: collective.value,
      flags,
      surroundings,
      agent: 'rpcutil',
    });
    if (!targets.ok) return targets;
    const expected = targets.value.identities.length;
    const progress = createProgress(stderr, flags.progress && flags.json !== true, surroundings.every);
    if (expected > 0) progress.update(0, expected);
    const answers: { identity: string; value: unknown }[] = [];
    const executed = await executeRun(
      engine,
      {
        order: {
          agent: 'rpcutil',
          action: 'get_fact',
          inputs: { fact },
          collective: collective.value,
          ...(flags.timeout === undefined ? {} : { timeoutMs: flags.timeout }),
        },
        targets: targets.value,
        interrupted,
        onAnswer: ({ identity, statusCode, data }, answered) => {
          progress.update(answered, expected);
          if (statusCode === 0) answers.push({ identity, value: data['value'] });
        },
      },
      surroundings.now,
    );
    progress.stop();
    if (!executed.ok) return executed;
    const { outcome, fault } = executed.value;
    const report = factReport(fact, answers);
    const verbose = flags.verbose === true;
    if (flags.json === true) stdout.write(factJson(report, outcome, fault));
    else if (expected === 0) stdout.write(`${nobodyText}\n`);
    else {
      const palette = createPalette(stdout.colours);
      stdout.write(flags.table === true ? factTable(report, verbose) : factText(report, verbose));
      stdout.write(closingReport(outcome, { verbose, width: stdout.columns, palette }));
      if (fault !== null) stderr.write(faultText(fault, undefined, createPalette(stderr.colours).red));
    }
    if (outcome.interrupted) return ok(exitCodes.interrupted);
    return ok(fault === null ? runExitCode(outcome) : exitCodes.error);
  });
}
