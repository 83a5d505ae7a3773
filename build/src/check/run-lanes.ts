/**
 * Runs what each lane holds one after the other, and all lanes side by side. Gives the results in the order of the lanes.
 * Once the signal is aborted nothing more is begun.
 */
export async function runLanes<Stage, Finished>(
  lanes: readonly (readonly Stage[])[],
  run: (stage: Stage) => Promise<Finished>,
  signal: AbortSignal,
): Promise<readonly Finished[]> {
  const runLane = async (stages: readonly Stage[]): Promise<readonly Finished[]> => {
    const finished: Finished[] = [];
    for (const stage of stages) if (!signal.aborted) finished.push(await run(stage));
    return finished;
  };
  return (await Promise.all(lanes.map(runLane))).flat();
}
