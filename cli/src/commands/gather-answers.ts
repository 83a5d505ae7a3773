import type { ResultDetail } from '@muster/protocol/bridge';
import { createAggregator, type ActionDefinition, type AggregateSummary } from '@muster/protocol/ddl';
import type { RunPrinter } from './run-printer.ts';

/** Takes the answers of a run: prints those that are wanted, and sums them up. */
export interface AnswerGatherer {
  take(answer: ResultDetail, answered: number): void;
  summaries(): readonly AggregateSummary[];
}

export function gatherAnswers(
  action: ActionDefinition,
  isWanted: (answer: ResultDetail) => boolean,
  printer: Pick<RunPrinter, 'answer'>,
  onWanted: (answer: ResultDetail) => void = () => undefined,
): AnswerGatherer {
  const aggregator = createAggregator(action);
  return {
    take(answer, answered) {
      const wanted = isWanted(answer);
      if (wanted && (answer.outcome === 'ok' || answer.outcome === 'failed')) aggregator.add(answer.data);
      printer.answer(answer, answered, wanted);
      if (wanted) onWanted(answer);
    },
    summaries: () => aggregator.summaries(),
  };
}
