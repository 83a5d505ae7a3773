import type { ResultDetail } from '@muster/protocol/bridge';
import type { Result } from '@muster/protocol/errors';
import { factJson, factReport, factTable, factText } from '../output/fact-report.ts';
import type { Surroundings } from '../surroundings.ts';
import { reportOnAnswers, type ReportFlags } from './report-on-answers.ts';

export interface FactsFlags extends ReportFlags {
  readonly table?: true;
}

/** `muster facts`: the values of one fact and how often each occurs. Exit codes as of a run. */
export function facts(fact: string, flags: FactsFlags, surroundings: Surroundings): Promise<Result<number>> {
  const verbose = flags.verbose === true;
  const report = (answers: readonly ResultDetail[]) =>
    factReport(
      fact,
      answers.flatMap(({ identity, statusCode, data }) =>
        statusCode === 0 ? [{ identity, value: data['value'] }] : [],
      ),
    );
  return reportOnAnswers(
    {
      agent: 'rpcutil',
      action: 'get_fact',
      inputs: { fact },
      text: (answers) => (flags.table === true ? factTable : factText)(report(answers), verbose),
      json: (answers, outcome, fault) => factJson(report(answers), outcome, fault),
    },
    flags,
    surroundings,
  );
}
