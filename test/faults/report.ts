import type { Told, Violation } from './verdict/judge.ts';
import type { UnsettledRun } from './verdict/settle.ts';

/** One fault as it happened. */
export interface Injected {
  readonly kind: string;
  /** Milliseconds after the start. */
  readonly atMs: number;
  readonly tookMs: number;
  readonly story: string;
}

/** All that a run of the suite found, as it is printed and kept. */
export interface Report {
  readonly seed: number;
  readonly command: string;
  readonly seconds: number;
  readonly brokers: number;
  readonly nodes: { readonly processes: number; readonly emulated: number };
  readonly faults: {
    readonly injected: number;
    readonly failed: number;
    readonly byKind: Readonly<Record<string, number>>;
  };
  readonly requests: {
    readonly runs: number;
    /** Requests times nodes. */
    readonly outcomes: number;
    readonly acceptedByEngines: number;
    readonly commandLines: number;
    readonly refusedByEngines: Readonly<Record<string, number>>;
    readonly unsettledRuns: number;
  };
  readonly executions: number;
  readonly outcomesByState: Readonly<Record<string, number>>;
  readonly restartsByThemselves: number;
  readonly violations: {
    readonly executedTwice: number;
    readonly outcomesMissing: number;
    readonly wrongOutcomes: number;
  };
  /** Violations and what led to them. */
  readonly details: readonly Violation[];
  readonly unsettled: readonly UnsettledRun[];
  readonly injected: readonly Injected[];
}

/** Counts how often each text occurs, the most frequent first. */
export function counted(texts: Iterable<string>): Record<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return Object.fromEntries([...counts].toSorted(([, one], [, other]) => other - one));
}

export const statesOf = (told: readonly Told[]): Record<string, number> => counted(told.map(({ state }) => state));

export const violationsOf = (details: readonly Violation[]): Report['violations'] => {
  const of = (kind: Violation['kind']) => details.filter((violation) => violation.kind === kind).length;
  return {
    executedTwice: of('executed twice'),
    outcomesMissing: of('outcome missing'),
    wrongOutcomes: of('wrong outcome'),
  };
};

const table = (title: string, counts: Readonly<Record<string, number>>): string =>
  [title, ...Object.entries(counts).map(([name, count]) => `  ${String(count).padStart(7)}  ${name}`), ''].join('\n');

const shownViolations = 40;

function violationLine({ kind, runId, identity, console, why }: Violation): string {
  return `  ${kind}: run ${runId} on ${identity === '' ? 'all nodes' : identity} by ${console ?? 'no console'}: ${why}`;
}

const unsettledLine = ({ runId, console, state, hold, states }: UnsettledRun): string =>
  `  not settled: run ${runId} by ${console} is ${state}${hold === null ? '' : ` (${hold})`}, its nodes ${JSON.stringify(states)}`;

/** The report for a person. */
export function readableReport(report: Report): string {
  const { faults, requests, executions, outcomesByState, violations, details, unsettled, nodes } = report;
  return [
    table(`${faults.injected} faults injected, ${faults.failed} could not be`, faults.byKind),
    table(`${requests.outcomes} outcomes of ${requests.runs} requests`, outcomesByState),
    `${nodes.processes} agents in processes of their own, ${nodes.emulated} emulated; ${executions} executions in their ledgers`,
    `executed twice: ${violations.executedTwice}; outcomes missing: ${violations.outcomesMissing}; wrong outcomes: ${violations.wrongOutcomes}`,
    ...details.slice(0, shownViolations).map(violationLine),
    ...(details.length > shownViolations ? [`  … ${details.length - shownViolations} more in the report`] : []),
    ...unsettled.map(unsettledLine),
    `again: ${report.command}`,
    '',
  ].join('\n');
}
