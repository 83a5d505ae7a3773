/**
 * Runs stages in their order, so many at a time: whenever one ends the next begins. Gives the results in the order of the list. Once the signal is
 * aborted nothing more is begun.
 */
export async function runStages<Stage, Finished>(
  stages: readonly Stage[],
  { atOnce, run, signal }: RunStagesOptions<Stage, Finished>,
): Promise<readonly Finished[]> {
  const finished = new Map<number, Finished>();
  const entries = stages.entries();
  const worker = async (): Promise<void> => {
    for (const [index, stage] of entries) {
      if (signal.aborted) return;
      finished.set(index, await run(stage));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return [...finished.entries()].sort(([one], [other]) => one - other).map(([, result]) => result);
}

export interface RunStagesOptions<Stage, Finished> {
  readonly atOnce: number;
  readonly run: (stage: Stage) => Promise<Finished>;
  readonly signal: AbortSignal;
}
