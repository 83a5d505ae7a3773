import type { PuppetRun, RunallNode, RunallSummary, SkipReason } from '@muster/protocol/bridge';
import { cleanLine } from '../output/clean-text.ts';
import { table } from '../output/columns.ts';
import type { Palette } from '../output/palette.ts';

const timeText = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')}Z`;

/** A line of the log of a runall. */
export const logLine = (atMs: number, text: string): string => `${timeText(atMs)}: ${text}\n`;

const reasons: Readonly<Record<SkipReason, string>> = {
  disabled: 'Puppet is disabled',
  no_answer: 'it does not answer',
  unknown_node: 'no such node',
  refused: 'it refused to run',
  did_not_begin: 'it did not begin',
  too_long: 'it takes too long',
  cancelled: 'the runall was cancelled',
};

const plural = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : 's'}`;

function runText(run: PuppetRun, palette: Palette): string {
  const of = run.total === null ? '' : ` of ${plural(run.total, 'resource')}`;
  switch (run.result) {
    case 'failed':
      return palette.red((run.failed ?? 0) > 0 ? `FAILED ${run.failed ?? 0}${of}` : 'FAILED without a catalog');
    case 'changed':
      return palette.yellow(`changed ${run.changed ?? 0}${of}`);
    case 'ok':
      return palette.green(`ok, nothing to change${of}`);
  }
}

/** Why a node was skipped, with what is known besides. */
export function skipText({ reason, detail }: Pick<RunallNode, 'reason' | 'detail'>): string {
  const why = reason === null ? '' : reasons[reason];
  return detail === '' ? why : `${why}: ${reason === 'disabled' ? `'${cleanLine(detail)}'` : cleanLine(detail)}`;
}

/** What became of a node. */
export function nodeText(node: RunallNode, palette: Palette): string {
  if (node.state === 'skipped') return `${node.identity} is left out: ${skipText(node)}`;
  const seconds = node.askedAtMs === null || node.endedAtMs === null ? null : (node.endedAtMs - node.askedAtMs) / 1000;
  const took = seconds === null ? '' : ` in ${seconds.toFixed(0)} s`;
  const what =
    node.run === null
      ? palette.yellow(cleanLine(node.detail || 'it does not tell how it went'))
      : runText(node.run, palette);
  return `${node.identity} is done${took}: ${what}`;
}

/** The last line of an iteration. */
export function iterationText({ iteration, nodes, states, results }: RunallSummary): string {
  const { done = 0, skipped = 0 } = states;
  const parts = [
    `Puppet ran on ${done} of ${plural(nodes, 'node')}`,
    `${results.failed} failed`,
    `${results.changed} changed`,
    `${skipped} left out`,
  ];
  return `Iteration ${iteration} is complete: ${parts.join(', ')}`;
}

const stateWords: Readonly<Record<RunallNode['state'], string>> = {
  waiting: 'waiting',
  busy: 'applying on its own',
  starting: 'starting',
  running: 'applying',
  done: 'done',
  skipped: 'left out',
};

/** The slots and what is going on in each, for a terminal. */
export function slotLines(
  summary: RunallSummary,
  slots: readonly RunallNode[],
  nowMs: number,
  most = 20,
): readonly string[] {
  const rows = slots.slice(0, most).map((node, index) => {
    const sinceMs = node.begunAtMs ?? node.askedAtMs;
    const seconds = sinceMs === null ? '' : `${Math.max(0, Math.round((nowMs - sinceMs) / 1000))} s`;
    return [String(index + 1), node.identity, stateWords[node.state], seconds];
  });
  const { waiting = 0, done = 0, skipped = 0 } = summary.states;
  const more = slots.length > most ? [`and ${slots.length - most} more`] : [];
  const free = Math.max(0, summary.concurrency - slots.length);
  return [
    '',
    ...table(['Slot', 'Node', 'State', 'Since'], rows, ['Slot', 'Since']),
    ...more,
    `${summary.state}: ${waiting} waiting, ${slots.length} in slots, ${free} free, ${done} done, ${summary.results.failed} failed, ${skipped} left out`,
  ];
}

export function runallsTable(runalls: readonly RunallSummary[]): readonly string[] {
  const rows = runalls.map((runall) => {
    const { done = 0, skipped = 0 } = runall.states;
    const interrupted = runall.finishedAtMs === null && !runall.isConducted;
    return [
      runall.runallId,
      timeText(runall.startedAtMs),
      interrupted ? `${runall.state}, interrupted` : runall.state,
      String(runall.concurrency),
      `${done + skipped} / ${runall.nodes}`,
      String(runall.results.failed),
    ];
  });
  return table(['Runall', 'Started', 'State', 'At once', 'Nodes', 'Failed'], rows, ['At once', 'Failed']);
}
