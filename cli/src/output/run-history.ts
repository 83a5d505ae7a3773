import type { ListedRun, ResultRow, RunSummary } from '@muster/protocol/bridge';
import { cleanJson, cleanLine } from './clean-text.ts';
import { inColumns, table } from './columns.ts';
import { isAbandoned, stateText } from './run-course.ts';
import { unansweredOf, type RunOutcome } from './run-report.ts';
import { faultJson } from './run-json.ts';
import { selectionJson, selectionLines } from './run-selection.ts';

const timeText = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

/** Whom a run was for, in words: its filter, how many nodes were named, or the name of a preset or a group. */
function targetText({ target }: RunSummary): string {
  if (target.kind === 'nodes')
    return target.identities.length === 1 ? (target.identities[0] ?? '') : `${target.identities.length} nodes`;
  if (target.kind !== 'filter')
    return `${target.kind} ${target.name}${target.filter === undefined ? '' : ` and ${target.filter}`}`;
  return target.filter === '' ? 'every node' : target.filter;
}

/** A preset or a group with what it meant when the run started. */
function namedJson(target: Extract<RunSummary['target'], { name: string }>): Record<string, unknown> {
  const { kind, name, resolved } = target;
  const nodes = 'identities' in resolved ? resolved.identities : [];
  return { kind, name, filter: resolved.filter, nodes };
}

/** The run as scripts see it. */
export function runJson(run: RunSummary): Record<string, unknown> {
  return {
    run_id: run.runId,
    agent: run.agent,
    action: run.action,
    inputs: run.inputs,
    person: run.person,
    collective: run.collective,
    filter: 'filter' in run.target ? (run.target.filter ?? null) : null,
    nodes: run.target.kind === 'nodes' ? run.target.identities : null,
    named: run.target.kind === 'filter' || run.target.kind === 'nodes' ? null : namedJson(run.target),
    ...selectionJson(run),
    state: run.state,
    hold: run.hold,
    hold_until_utc: timeText(run.holdUntilMs),
    conducted: run.isConducted,
    error: run.fault === null ? null : faultJson(run.fault),
    started_utc: timeText(run.startedAtMs),
    finished_utc: timeText(run.finishedAtMs),
    discovered: run.expected,
    responses: run.responses,
    states: run.states,
    unexpected: run.unexpected,
    delivery_timeout: run.deliveryMs / 1000,
    execution_timeout: run.executionMs / 1000,
    timeout: run.timeoutMs / 1000,
    ttl: run.ttlMs / 1000,
  };
}

/** A run of a list as scripts see it, with what people have put on it. */
export const listedJson = ({ pin, notes, lastNote, ...run }: ListedRun): Record<string, unknown> => ({
  ...runJson(run),
  pinned: pin === null ? null : { person: pin.person, at_utc: timeText(pin.atMs) },
  notes,
  last_note: lastNote,
});

export function runsTable(runs: readonly RunSummary[]): readonly string[] {
  const rows = runs.map((run) => [
    run.runId,
    new Date(run.startedAtMs).toISOString().slice(0, 19) + 'Z',
    `${run.agent} ${run.action}`,
    stateText(run),
    `${run.responses} / ${run.expected}`,
    cleanLine(targetText(run)),
  ]);
  return table(['Run', 'Started', 'Action', 'State', 'Answers', 'Nodes'], rows);
}

/** What stands above the answers of an old run, with the lines of what people have put on it. */
export function runHead(
  run: RunSummary,
  rows: readonly ResultRow[],
  width: number,
  marks: readonly string[] = [],
): string {
  const inputs = Object.entries(run.inputs).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : cleanJson(value)}`,
  );
  const lines = [
    `Run ${run.runId}: ${run.agent} ${run.action} ${inputs.join(' ')}`,
    `   By: ${run.person} in ${run.collective}`,
    `   At: ${timeText(run.startedAtMs) ?? ''}`,
    `   State: ${stateText(run)}${run.fault === null ? '' : ` (${run.fault.message})`}`,
    ...(isAbandoned(run) ? [`   Go on with it: muster runs attach ${run.runId}`] : []),
    `   Time limits: ${run.deliveryMs / 1000} s for delivery, ${run.executionMs / 1000} s for the action, ${run.timeoutMs / 1000} s in all`,
    ...selectionLines(run).map((line) => `   ${line}`),
    ...marks.map((line) => `   ${line}`),
    `   Nodes: ${targetText(run)}`,
  ].map((line) => cleanLine(line).trimEnd());
  return `${[
    ...lines,
    ...inColumns(
      rows.map((row) => row.identity),
      width,
    ),
  ].join('\n')}\n\n`;
}

/** The figures of an old run. */
export function outcomeOf(run: RunSummary, rows: readonly ResultRow[]): RunOutcome {
  const answered = rows.filter((row) => row.statusCode !== null);
  const succeeded = answered.filter((row) => row.statusCode === 0).length;
  const sentAtMs = run.sentAtMs ?? run.startedAtMs;
  // Of a run that goes on nobody knows yet who stays silent.
  const isOpen = (row: ResultRow) => row.state === 'sent' || row.state === 'accepted' || row.state === 'running';
  const silent = rows
    .filter((row) => row.statusCode === null && !isOpen(row))
    .map((row) => row.identity)
    .sort();
  return {
    runId: run.runId,
    agent: run.agent,
    action: run.action,
    discoveryMs: run.discoveryMs ?? 0,
    discovered: run.expected,
    responses: answered.length,
    ok: succeeded,
    failed: answered.length - succeeded,
    startedAtMs: run.startedAtMs,
    publishMs: sentAtMs - run.startedAtMs,
    requestMs: Math.max(0, (run.finishedAtMs ?? sentAtMs) - sentAtMs),
    ...unansweredOf(silent, rows),
    untilMs: run.untilMs ?? null,
    lateResponses: answered
      .filter((row) => row.arrival === 'late')
      .map((row) => row.identity)
      .sort(),
    unexpectedResponses: answered
      .filter((row) => row.arrival === 'unexpected')
      .map((row) => row.identity)
      .sort(),
    interrupted: false,
    ...(run.noResults === true ? { unanswered: { unknown: run.states.unknown_node ?? 0 } } : {}),
  };
}
