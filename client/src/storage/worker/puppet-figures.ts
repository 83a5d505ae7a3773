import type { PuppetFigures } from '@muster/protocol/bridge';

/** What is drawn of one node. */
export interface FigureRow {
  /** Null for one that has told nothing yet. */
  readonly toldAtMs: number | null;
  readonly lastRunAtMs: number | null;
  /** In seconds. */
  readonly totalTime: number | null;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Puppet runs every half hour unless told otherwise: what is older than that has missed a run. */
const ageLimitsMs: readonly (number | null)[] = [30 * minuteMs, hourMs, 6 * hourMs, 24 * hourMs, null];

const steps = 12;

function agesOf(rows: readonly FigureRow[], nowMs: number): PuppetFigures['ages'] {
  const ages = rows.flatMap(({ lastRunAtMs }) => (lastRunAtMs === null ? [] : Math.max(0, nowMs - lastRunAtMs)));
  return ageLimitsMs.map((upToMs, index) => {
    const above = ageLimitsMs[index - 1] ?? -1;
    return { upToMs, nodes: ages.filter((age) => age > above && age <= (upToMs ?? Infinity)).length };
  });
}

function durationsOf(times: readonly number[]): PuppetFigures['durations'] {
  let [least, most] = [Infinity, 0];
  for (const time of times) [least, most] = [Math.min(least, time), Math.max(most, time)];
  if (times.length === 0) return [];
  if (least === most) return [{ from: least, to: most, nodes: times.length }];
  const step = (most - least) / steps;
  const counts = new Array<number>(steps).fill(0);
  for (const time of times) {
    const at = Math.min(steps - 1, Math.floor((time - least) / step));
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return counts.map((nodes, index) => ({ from: least + index * step, to: least + (index + 1) * step, nodes }));
}

/** How nodes are distributed by their last runs. */
export function figuresOf(rows: readonly FigureRow[], nowMs: number): PuppetFigures {
  const times = rows.flatMap(({ totalTime }) => totalTime ?? []);
  return {
    ages: agesOf(rows, nowMs),
    never: rows.filter(({ toldAtMs, lastRunAtMs }) => toldAtMs !== null && lastRunAtMs === null).length,
    durations: durationsOf(times),
    averageDuration: times.length === 0 ? null : times.reduce((sum, time) => sum + time, 0) / times.length,
  };
}
