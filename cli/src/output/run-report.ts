import type { ResultRow } from '@muster/protocol/bridge';
import { summaryLines, type AggregateSummary } from '@muster/protocol/ddl';
import type { NodeState } from '@muster/protocol/run';
import { cleanLine } from './clean-text.ts';
import { inColumns } from './columns.ts';
import type { RunTally } from './exit-code.ts';
import type { Palette } from './palette.ts';

/** A run when it is over. Times in milliseconds; `startedAtMs` since the epoch. */
export interface RunOutcome extends RunTally {
  readonly runId: string;
  readonly agent: string;
  readonly action: string;
  readonly ok: number;
  readonly startedAtMs: number;
  /** From the order until the broker had the request. */
  readonly publishMs: number;
  /** From publishing to the end. */
  readonly requestMs: number;
  /** Were asked, are not away, and have not answered; sorted, as all these lists are. */
  readonly noResponses: readonly string[];
  /** Are away, and get the request when they come back until `untilMs`. */
  readonly waiting: readonly string[];
  /** Since the epoch; null when the run waits for nobody. */
  readonly untilMs: number | null;
  /** Their turn did not come, or has not come yet. */
  readonly notAsked: readonly string[];
  /** Answered after the run had ended. */
  readonly lateResponses: readonly string[];
  readonly unexpectedResponses: readonly string[];
  readonly interrupted: boolean;
}

/** Nodes without an answer, by why there is none; one of which nothing is known was asked. */
export function unansweredOf(
  silent: readonly string[],
  rows: readonly Pick<ResultRow, 'identity' | 'state'>[],
): Pick<RunOutcome, 'noResponses' | 'waiting' | 'notAsked'> {
  const states = new Map(rows.map(({ identity, state }) => [identity, state]));
  const inState = (...meant: readonly NodeState[]) =>
    silent.filter((identity) => meant.includes(states.get(identity) ?? 'sent'));
  const waiting = inState('waiting');
  const notAsked = inState('queued', 'skipped', 'cancelled');
  const known = new Set([...waiting, ...notAsked]);
  return { waiting, notAsked, noResponses: silent.filter((identity) => !known.has(identity)) };
}

const milliseconds = (value: number): string => `${value.toFixed(2)} ms`;

/** The aggregates of a run as blocks of text; those that found nothing are left out. */
export function summaryBlocks(summaries: readonly AggregateSummary[]): string {
  return summaries
    .map((summary) => ({ title: summary.title, lines: summaryLines(summary) }))
    .filter(({ lines }) => lines.length > 0)
    .map(
      ({ title, lines }) =>
        `Summary of ${cleanLine(title)}:\n\n${lines.map((line) => `   ${cleanLine(line)}\n`).join('')}\n`,
    )
    .join('');
}

function verboseStatistics(outcome: RunOutcome, palette: Palette): string {
  const { agent, action, discovered, responses, ok, failed, startedAtMs, discoveryMs, requestMs, runId } = outcome;
  return [
    palette.yellow(`---- ${agent}#${action} call stats ----`),
    `           Nodes: ${discovered} / ${responses}`,
    `     Pass / Fail: ${ok} / ${failed}`,
    `      Start Time: ${new Date(startedAtMs).toISOString()}`,
    `  Discovery Time: ${milliseconds(discoveryMs)}`,
    `      Agent Time: ${milliseconds(requestMs)}`,
    `      Total Time: ${milliseconds(discoveryMs + requestMs)}`,
    `             Run: ${runId}`,
    '',
  ].join('\n');
}

function names(heading: string, identities: readonly string[], width: number, palette: Palette): string {
  if (identities.length === 0) return '';
  const lines = inColumns(identities, width).map((line) => `${palette.red(line)}\n`);
  return `\n${palette.bold(heading)}\n\n${lines.join('')}`;
}

const waitingHeading = ({ untilMs }: RunOutcome): string =>
  `Away, and waited for${untilMs === null ? '' : ` until ${new Date(untilMs).toISOString()}`}:`;

/** The end of a run that nobody answers. */
function sentReport({ runId, discovered }: RunOutcome, unknown: number, { red }: Palette): string {
  const lost = unknown === 0 ? '' : red(`The broker knows no queue of ${unknown} of the ${discovered} nodes.\n`);
  return `Request sent with id: ${runId}\n${lost}`;
}

/** The end of a run: how many answered in what time, and who did not or should not have. */
export function closingReport(
  outcome: RunOutcome,
  options: { verbose: boolean; width: number; palette: Palette },
): string {
  const { palette, verbose, width } = options;
  const { responses, discovered, requestMs, unanswered } = outcome;
  if (unanswered !== undefined) return sentReport(outcome, unanswered.unknown, palette);
  const figures = `${responses} / ${discovered}`;
  const head = verbose
    ? verboseStatistics(outcome, palette)
    : `Finished processing ${responses >= discovered ? palette.green(figures) : palette.red(figures)} hosts in ${milliseconds(requestMs)}\n`;
  return (
    head +
    names('No response from:', outcome.noResponses, width, palette) +
    names(waitingHeading(outcome), outcome.waiting, width, palette) +
    names('Not asked:', outcome.notAsked, width, palette) +
    names('Late response from:', outcome.lateResponses, width, palette) +
    names('Unexpected response from:', outcome.unexpectedResponses, width, palette)
  );
}
