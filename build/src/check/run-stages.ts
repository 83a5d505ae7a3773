import { inParallel } from '../fleet/index.ts';

export interface RunStagesOptions<Stage, Finished> {
  readonly atOnce: number;
  readonly run: (stage: Stage) => Promise<Finished>;
  readonly signal: AbortSignal;
}

/**
 * Runs stages in their order, so many at a time: whenever one ends the next begins. Gives the results in the order of the list. Once the signal is
 * aborted nothing more is begun.
 */
export async function runStages<Stage, Finished>(
  stages: readonly Stage[],
  { atOnce, run, signal }: RunStagesOptions<Stage, Finished>,
): Promise<readonly Finished[]> {
  const finished = await inParallel(stages, atOnce, async (stage) => (signal.aborted ? [] : [await run(stage)]));
  return finished.flat();
}
