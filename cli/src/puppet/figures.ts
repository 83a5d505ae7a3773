import type { ResultDetail } from '@muster/protocol/bridge';
import type { Result } from '@muster/protocol/errors';
import { reportOnAnswers, type AnswersReport, type ReportFlags } from '../commands/report-on-answers.ts';
import { cleanJson } from '../output/clean-text.ts';
import { faultJson, statisticsJson } from '../output/run-json.ts';
import type { Surroundings } from '../surroundings.ts';
import { countJson, countPuppet, countText } from './count.ts';
import { summaryJson, summaryText, summarisePuppet } from './summary.ts';

/** Figures as JSON, with those of the run itself beside them. */
const withStatistics =
  (figures: (answers: readonly ResultDetail[]) => object): AnswersReport['json'] =>
  (answers, outcome, fault) => {
    const error = fault === null ? {} : { error: faultJson(fault) };
    return `${cleanJson({ ...figures(answers), request_stats: statisticsJson(outcome), ...error })}\n`;
  };

/** `muster puppet count`: how many nodes are enabled, disabled and why, applying, stopped, and have daemons. */
export function countPuppetNodes(flags: ReportFlags, surroundings: Surroundings): Promise<Result<number>> {
  return reportOnAnswers(
    {
      agent: 'puppet',
      action: 'status',
      inputs: {},
      text: (answers, outcome, palette) => countText(countPuppet(answers), outcome, palette),
      json: withStatistics((answers) => countJson(countPuppet(answers))),
    },
    flags,
    surroundings,
  );
}

/** `muster puppet summary`: figures of the last runs, and on which nodes they failed. */
export function summarisePuppetRuns(flags: ReportFlags, surroundings: Surroundings): Promise<Result<number>> {
  const nowSeconds = () => surroundings.now() / 1000;
  return reportOnAnswers(
    {
      agent: 'puppet',
      action: 'last_run_summary',
      inputs: {},
      text: (answers, _outcome, palette) => summaryText(summarisePuppet(answers, nowSeconds()), palette),
      json: withStatistics((answers) => summaryJson(summarisePuppet(answers, nowSeconds()))),
    },
    flags,
    surroundings,
  );
}
