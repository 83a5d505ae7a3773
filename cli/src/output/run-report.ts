import { summaryLines, type AggregateSummary } from '@muster/protocol/ddl';
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
  /** Sorted. */
  readonly noResponses: readonly string[];
  /** Sorted. */
  readonly unexpectedResponses: readonly string[];
  readonly interrupted: boolean;
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
    names('Unexpected response from:', outcome.unexpectedResponses, width, palette)
  );
}
