import { nodeStateNames } from '@muster/protocol/run';
import type { ReportOf, RunSummary, RunTarget } from '@muster/protocol/bridge';
import type { ReportNote } from '../report.ts';
import { countText } from '../values.ts';

/** Who was asked, in a few words. */
export function targetText(target: RunTarget): string {
  if (target.kind === 'nodes') return `${countText(target.identities.length)} nodes by name`;
  if (target.kind === 'filter') return target.filter === '' ? 'all nodes' : target.filter;
  const within = target.filter === undefined || target.filter === '' ? '' : ` and ${target.filter}`;
  return `${target.kind} ${target.name}${within}`;
}

const text = (id: string, title: string, value: string): ReportNote => ({ id, title, kind: 'text', value });

/** What of the answers is in the report, in words; empty for all. */
function chosen({
  states,
  search,
  filter = '',
  identities,
}: Extract<ReportOf, { kind: 'run' }>): readonly ReportNote[] {
  return [
    ...(states.length === 0
      ? []
      : [text('states', 'Only states', states.map((state) => nodeStateNames[state]).join(', '))]),
    ...(search === '' ? [] : [text('search', 'Only answers with', search)]),
    ...(filter === '' ? [] : [text('filter', 'Only answers that match', filter)]),
    ...(identities === undefined ? [] : [text('selected', 'Selected', `${countText(identities.length)} nodes`)]),
  ];
}

/** Who asked what of whom, when, and how it ended. */
export function runNotes(run: RunSummary, of: Extract<ReportOf, { kind: 'run' }>): readonly ReportNote[] {
  const { startedAtMs, finishedAtMs, fault } = run;
  const inputs = Object.keys(run.inputs).length > 0;
  const notes: readonly ReportNote[] = [
    text('run', 'Run', run.runId),
    text('action', 'Action', `${run.agent} ${run.action}`),
    text('person', 'Asked by', run.person),
    text('collective', 'Collective', run.collective),
    text('state', 'State', run.state),
    { id: 'started', title: 'Started', kind: 'time', value: startedAtMs },
    { id: 'finished', title: 'Ended', kind: 'time', value: finishedAtMs },
    {
      id: 'took_ms',
      title: 'Took',
      kind: 'milliseconds',
      value: finishedAtMs === null ? null : finishedAtMs - startedAtMs,
    },
    { id: 'asked', title: 'Nodes asked', kind: 'number', value: run.expected },
    { id: 'answered', title: 'Answered', kind: 'number', value: run.responses },
    ...(run.unexpected > 0
      ? [{ id: 'unexpected', title: 'Answered unasked', kind: 'number', value: run.unexpected } as const]
      : []),
    text('target', 'Target', targetText(run.target)),
    ...(inputs ? [{ id: 'inputs', title: 'Inputs', kind: 'json', value: run.inputs } as const] : []),
    ...(fault === null ? [] : [text('fault', 'Why it ended', fault.message)]),
    ...chosen(of),
  ];
  return notes.filter(({ value }) => value !== null);
}
