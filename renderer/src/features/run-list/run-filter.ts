import type { RunQuery } from '@muster/protocol/bridge';
import { identityPattern } from '@muster/protocol/identity';

/** How long ago runs may have started. */
export const runPeriods = ['1h', '1d', '7d', '30d'] as const;
export type RunPeriod = (typeof runPeriods)[number];

/** States of runs as a person tells them apart. */
export const runEnds = ['open', 'finished', 'stopped', 'cancelled', 'failed'] as const;
export type RunEnd = (typeof runEnds)[number];

/** What a person looks for in the history, beside words: conditions that all have to hold. Absent is any. */
export interface RunFilter {
  /** `agent`, or `agent.action`. */
  readonly action?: string;
  readonly person?: string;
  readonly node?: string;
  readonly period?: RunPeriod;
  /** Days, as `2026-11-20`; both included, and only without a period. */
  readonly from?: string;
  readonly to?: string;
  readonly end?: RunEnd;
  readonly failures?: true;
  readonly pinned?: true;
}

const periodMs: Readonly<Record<RunPeriod, number>> = {
  '1h': 3_600_000,
  '1d': 86_400_000,
  '7d': 604_800_000,
  '30d': 2_592_000_000,
};

const statesOf: Readonly<Record<RunEnd, RunQuery['states']>> = {
  open: ['discovering', 'running', 'paused', 'stopping'],
  finished: ['finished'],
  stopped: ['stopped'],
  cancelled: ['cancelled'],
  failed: ['failed'],
};

/** The beginning of a day by the clock of this machine, so many days later; null when the text is no day. */
function dayMs(text: string, later: number): number | null {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  if (year === undefined) return null;
  return new Date(Number(year), Number(month) - 1, Number(day) + later).getTime();
}

function timeOf({ period, from, to }: RunFilter, nowMs: number): Pick<RunQuery, 'sinceMs' | 'untilMs'> {
  if (period !== undefined) return { sinceMs: nowMs - periodMs[period] };
  const sinceMs = from === undefined ? null : dayMs(from, 0);
  const untilMs = to === undefined ? null : dayMs(to, 1);
  return { ...(sinceMs === null ? {} : { sinceMs }), ...(untilMs === null ? {} : { untilMs }) };
}

function actionOf({ action }: RunFilter): Pick<RunQuery, 'agent' | 'action'> {
  const [agent = '', name] = action?.trim().split('.', 2) ?? [];
  if (agent === '') return {};
  return { agent, ...(name === undefined || name === '' ? {} : { action: name }) };
}

/** What the engine is asked for. */
export function runQuery(search: string, filter: RunFilter, nowMs: number): RunQuery {
  const { person, node, end, failures, pinned } = filter;
  return {
    search: search.trim(),
    ...actionOf(filter),
    ...(person === undefined ? {} : { person }),
    ...(node === undefined || !identityPattern.test(node) ? {} : { node }),
    ...timeOf(filter, nowMs),
    ...(end === undefined ? {} : { states: statesOf[end] ?? [] }),
    ...(failures === undefined ? {} : { hasFailures: true }),
    ...(pinned === undefined ? {} : { isPinned: true }),
  };
}

/** The same filter with some conditions changed; undefined and empty ones are taken away. */
export function changedFilter(
  filter: RunFilter,
  changes: { [K in keyof RunFilter]?: RunFilter[K] | undefined },
): RunFilter {
  return Object.fromEntries(
    Object.entries({ ...filter, ...changes }).filter(([, value]) => value !== undefined && value !== ''),
  );
}

export const isAnyRun = (filter: RunFilter): boolean => Object.keys(filter).length === 0;

/** A filter out of an address: what is not understood is left out. */
export function readRunFilter(params: URLSearchParams): RunFilter {
  const text = (key: string) => params.get(key)?.slice(0, 255) ?? undefined;
  const day = (key: string) => {
    const given = text(key);
    return given === undefined || dayMs(given, 0) === null ? undefined : given;
  };
  return changedFilter(
    {},
    {
      action: text('action'),
      person: text('person'),
      node: text('node'),
      period: runPeriods.find((period) => period === text('period')),
      from: day('from'),
      to: day('to'),
      end: runEnds.find((end) => end === text('state')),
      failures: params.has('failures') ? true : undefined,
      pinned: params.has('pinned') ? true : undefined,
    },
  );
}

/** The filter as parameters of an address. */
export const printRunFilter = ({ failures, pinned, end, ...texts }: RunFilter): Readonly<Record<string, string>> => ({
  ...texts,
  ...(end === undefined ? {} : { state: end }),
  ...(failures === undefined ? {} : { failures: '1' }),
  ...(pinned === undefined ? {} : { pinned: '1' }),
});
