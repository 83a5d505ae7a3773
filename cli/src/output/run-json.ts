import type { ResultDetail, ResultRow, RunSummary } from '@muster/protocol/bridge';
import { summaryLines, type AggregateSummary } from '@muster/protocol/ddl';
import { cleanJson } from './clean-text.ts';
import type { RunOutcome } from './run-report.ts';

const seconds = (milliseconds: number): number => Math.round(milliseconds * 1000) / 1_000_000;
const secondsOrNull = (milliseconds: number | null): number | null =>
  milliseconds === null ? null : seconds(milliseconds);

/** A node's answer in the shape of `--json`; times of the node are seconds since the epoch by its own clock. */
export function replyJson(result: ResultRow | ResultDetail): Record<string, unknown> {
  const timings = 'timings' in result ? result.timings : null;
  return {
    sender: result.identity,
    statuscode: result.statusCode,
    statusmsg: result.statusMessage,
    data: result.data,
    outcome: ('outcome' in result ? result.outcome : null) ?? result.state,
    arrival: result.arrival,
    elapsed: secondsOrNull(result.elapsedMs),
    ...(timings === null
      ? {}
      : {
          timings: {
            received: seconds(timings.receivedAtMs),
            started: secondsOrNull(timings.startedAtMs),
            finished: secondsOrNull(timings.finishedAtMs),
          },
        }),
  };
}

export function statisticsJson(outcome: RunOutcome): Record<string, unknown> {
  return {
    requestid: outcome.runId,
    no_responses: outcome.noResponses,
    waiting: outcome.waiting,
    not_asked: outcome.notAsked,
    late_responses: outcome.lateResponses,
    unexpected_responses: outcome.unexpectedResponses,
    discovered: outcome.discovered,
    failed: outcome.failed,
    ok: outcome.ok,
    responses: outcome.responses,
    publish_time: seconds(outcome.publishMs),
    request_time: seconds(outcome.requestMs),
    discover_time: seconds(outcome.discoveryMs),
    start_time_utc: Math.floor(outcome.startedAtMs / 1000),
    interrupted: outcome.interrupted,
    ...(outcome.unanswered === undefined ? {} : { no_results: true, unknown: outcome.unanswered.unknown }),
  };
}

export function summaryJson(summary: AggregateSummary): Record<string, unknown> {
  return {
    function: summary.function,
    output: summary.output,
    title: summary.title,
    answers: summary.answers,
    ...(summary.finding.kind === 'impossible' ? { error: summary.finding.reason } : summary.finding),
    lines: summaryLines(summary),
  };
}

/** A fault as the engine hands it out, or as it comes out of storage. */
export type ReportedFault = NonNullable<RunSummary['fault']>;

export function faultJson({ code, message, mend, position }: ReportedFault): Record<string, unknown> {
  return {
    code,
    message,
    ...(mend === undefined ? {} : { mend }),
    ...(position === undefined ? {} : { position }),
  };
}

/** The document of `rpc --json`, written while the answers arrive: one line for each. */
export interface RunDocument {
  /** `run` is what history knows besides. */
  begin(agent: string, action: string, run?: Record<string, unknown>): void;
  reply(result: ResultRow | ResultDetail): void;
  end(outcome: RunOutcome, summaries: readonly AggregateSummary[], fault: ReportedFault | null): void;
}

export function createRunDocument(write: (text: string) => void): RunDocument {
  let replies = 0;
  return {
    begin: (agent, action, run) => {
      const history = run === undefined ? '' : `"run":${cleanJson(run)},\n`;
      write(`{"agent":${cleanJson(agent)},"action":${cleanJson(action)},\n${history}"replies":[`);
    },
    reply: (result) => {
      write(`${replies === 0 ? '' : ','}\n${cleanJson(replyJson(result))}`);
      replies += 1;
    },
    end: (outcome, summaries, fault) => {
      write(`${replies === 0 ? '' : '\n'}],\n"request_stats":${cleanJson(statisticsJson(outcome))},\n`);
      write(`"summaries":${cleanJson(summaries.map(summaryJson))}`);
      write(fault === null ? '}\n' : `,\n"error":${cleanJson(faultJson(fault))}}\n`);
    },
  };
}
