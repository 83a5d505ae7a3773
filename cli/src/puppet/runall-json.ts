import type { RunallNode, RunallSummary } from '@muster/protocol/bridge';
import { faultJson } from '../output/run-json.ts';

const timeText = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

/** A runall as scripts see it. */
export const runallJson = (runall: RunallSummary): Record<string, unknown> => ({
  runall_id: runall.runallId,
  person: runall.person,
  collective: runall.collective,
  target: runall.target,
  concurrency: runall.concurrency,
  options: runall.options,
  rerun: runall.rerunMs === null ? null : runall.rerunMs / 1000,
  state: runall.state,
  conducted: runall.isConducted,
  iteration: runall.iteration,
  started_utc: timeText(runall.startedAtMs),
  finished_utc: timeText(runall.finishedAtMs),
  nodes: runall.nodes,
  states: runall.states,
  skipped: runall.skipped,
  results: runall.results,
  ...(runall.fault === null ? {} : { error: faultJson(runall.fault) }),
});

/** A node of a runall as scripts see it; durations are seconds. */
export const runallNodeJson = (node: RunallNode): Record<string, unknown> => ({
  sender: node.identity,
  state: node.state,
  reason: node.reason,
  detail: node.detail,
  started_utc: timeText(node.askedAtMs),
  finished_utc: timeText(node.endedAtMs),
  run:
    node.run === null
      ? null
      : {
          result: node.run.result,
          failed_resources: node.run.failed,
          changed_resources: node.run.changed,
          corrected_resources: node.run.corrected,
          out_of_sync_resources: node.run.outOfSync,
          total_resources: node.run.total,
          total_time: node.run.totalTime,
          config_retrieval_time: node.run.configRetrievalTime,
          config_version: node.run.configVersion,
        },
});
