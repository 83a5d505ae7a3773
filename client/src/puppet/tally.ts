import type { RunallNode, RunallSummary } from '@muster/protocol/bridge';

type Tallies = Pick<RunallSummary, 'nodes' | 'states' | 'skipped' | 'results'>;

/** How many nodes are in which state, why some were skipped, and what the runs came to. */
export function tally(nodes: readonly Pick<RunallNode, 'state' | 'reason' | 'run'>[]): Tallies {
  const tallies: Tallies = {
    nodes: nodes.length,
    states: {},
    skipped: {},
    results: { ok: 0, changed: 0, failed: 0, unknown: 0 },
  };
  for (const { state, reason, run } of nodes) {
    tallies.states[state] = (tallies.states[state] ?? 0) + 1;
    if (reason !== null) tallies.skipped[reason] = (tallies.skipped[reason] ?? 0) + 1;
    if (state === 'done') tallies.results[run?.result ?? 'unknown'] += 1;
  }
  return tallies;
}
