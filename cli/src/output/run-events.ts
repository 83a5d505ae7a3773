import type { ResultDetail, RunSummary } from '@muster/protocol/bridge';
import type { AggregateSummary } from '@muster/protocol/ddl';
import { cleanJson } from './clean-text.ts';
import { faultJson, replyJson, statisticsJson, summaryJson, type ReportedFault } from './run-json.ts';
import type { RunOutcome } from './run-report.ts';

/** Nodes that were found, and how. */
interface Found {
  readonly identities: readonly string[];
  readonly method: string;
  readonly durationMs: number;
}

const line = (kind: string, event: Record<string, unknown>): string => `${cleanJson({ kind, ...event })}\n`;

/** The lines of `--jsonl`: each is one JSON object with its `kind`. */
export const runEvents = {
  discovery: (agent: string, action: string, { identities, method, durationMs }: Found): string =>
    line('discovery', { agent, action, method, discover_time: durationMs / 1000, nodes: identities }),
  result: (answer: ResultDetail): string => line('result', replyJson(answer)),
  progress: (run: RunSummary): string =>
    line('progress', { run_id: run.runId, state: run.state, hold: run.hold, states: run.states }),
  error: (fault: ReportedFault): string => line('error', { error: faultJson(fault) }),
  summaries: (summaries: readonly AggregateSummary[]): string =>
    line('summaries', { summaries: summaries.map(summaryJson) }),
  stats: (outcome: RunOutcome): string => line('stats', { request_stats: statisticsJson(outcome) }),
} as const;
