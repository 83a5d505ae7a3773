/** Figures of repeated runs, in milliseconds. */
export interface Timing {
  readonly runs: number;
  readonly min: number;
  readonly median: number;
  readonly p95: number;
  readonly max: number;
}

const rounded = (ms: number): number => Math.round(ms * 1000) / 1000;

const at = (sorted: readonly number[], share: number): number =>
  rounded(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN);

export function timingOf(durationsMs: readonly number[]): Timing {
  const sorted = durationsMs.toSorted((a, b) => a - b);
  return {
    runs: sorted.length,
    min: at(sorted, 0),
    median: at(sorted, 0.5),
    p95: at(sorted, 0.95),
    max: at(sorted, 1),
  };
}

/** How long `work` takes, in milliseconds. */
export async function duration(work: () => unknown): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** Runs `work` so many times, each with its number. */
export async function repeat(runs: number, work: (run: number) => unknown): Promise<Timing> {
  const durations: number[] = [];
  for (let run = 0; run < runs; run++) durations.push(await duration(() => work(run)));
  return timingOf(durations);
}

/** How unsteady the machine is: the same arithmetic over and over. `spread` is (p95 - min) / median; 0 on a machine of one's own. */
export async function noise(): Promise<{ readonly timing: Timing; readonly spread: number }> {
  const timing = await repeat(60, () => {
    let sum = 0;
    for (let step = 0; step < 2_000_000; step++) sum = Math.imul(sum ^ step, 0x9e3779b1) | 0;
    return sum;
  });
  return { timing, spread: rounded((timing.p95 - timing.min) / timing.median) };
}
