import type { ReportOf, ResultDetail } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { ActionDefinition } from '@muster/protocol/ddl';
import type { RunReader, RunReportReader } from '../../storage/index.ts';
import type { Report, ReportColumn, ReportNote, ReportRow } from '../report.ts';
import { readSlices } from './read-slices.ts';
import { drawAggregates, stateChart } from './run-charts.ts';
import { runNotes } from './run-notes.ts';

type RunReportOf = Extract<ReportOf, { kind: 'run' }>;
export type RunReportStorage = RunReportReader & Pick<RunReader, 'getRun' | 'getRunAction' | 'summariseRun'>;

/** For whom a report is: programs get every field, under names that stay; people what they look for, in the order that they look. */
export type Readers = 'people' | 'programs';

interface Field extends ReportColumn {
  readonly of: (result: ResultDetail) => unknown;
}

/** So many outputs people get unasked. */
const usualOutputs = 12;

const identity: Field = { id: 'identity', title: 'Node', kind: 'text', of: (result) => result.identity };
const state: Field = { id: 'state', title: 'State', kind: 'state', of: (result) => result.state };
const took: Field = { id: 'elapsed_ms', title: 'Took', kind: 'milliseconds', of: (result) => result.elapsedMs };
const message: Field = {
  id: 'status_message',
  title: 'Message',
  kind: 'text',
  of: ({ statusMessage }) => (statusMessage === '' ? null : statusMessage),
};
const statusCode: Field = { id: 'status_code', title: 'Status', kind: 'number', of: (result) => result.statusCode };
const arrival: Field = { id: 'arrival', title: 'Arrival', kind: 'text', of: (result) => result.arrival };
const arrivedAt: Field = { id: 'arrived_at', title: 'Arrived', kind: 'time', of: (result) => result.arrivedAtMs };
const signedBy: Field = { id: 'signed_by', title: 'Signed by', kind: 'text', of: (result) => result.signedBy };
const allData: Field = { id: 'data', title: 'Data', kind: 'json', of: ({ data }) => data };

const numberTypes: readonly (string | undefined)[] = ['integer', 'float', 'number'];

function outputField(name: string, action: ActionDefinition | undefined): Field {
  // Names of outputs come from nodes: one may be called as a part of every object is.
  const output = action !== undefined && Object.hasOwn(action.outputs, name) ? action.outputs[name] : undefined;
  return {
    id: `data.${name}`,
    path: ['data', name],
    title: output?.display_as ?? name,
    kind: numberTypes.includes(output?.type) ? 'number' : 'json',
    of: ({ data }) => (Object.hasOwn(data, name) ? data[name] : null),
  };
}

/** Those that the action describes, then what else nodes have answered with. */
function sortOutputs(found: readonly string[], action: ActionDefinition | undefined): readonly string[] {
  const described = Object.keys(action?.outputs ?? {}).filter((name) => found.includes(name));
  return [...described, ...found.filter((name) => !described.includes(name))];
}

function fieldsOf(outputs: readonly Field[], readers: Readers): readonly Field[] {
  return readers === 'people'
    ? [identity, state, took, ...outputs, message]
    : [identity, state, statusCode, message, arrival, took, arrivedAt, signedBy, ...outputs];
}

const rowOf = (fields: readonly Field[], result: ResultDetail): ReportRow => ({
  identity: result.identity,
  state: result.state,
  values: fields.map(({ of }) => of(result)),
});

const isWhole = ({ states, search, filter = '', identities }: RunReportOf): boolean =>
  states.length === 0 && search === '' && filter === '' && identities === undefined;

/** Characters of names that a file may well have. */
const fileWord = (text: string): string => text.replaceAll(/[^A-Za-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '');

/** The outputs that were asked for, if the action or any answer of the run has each. Errors: `usage.invalid`, `storage.*`. */
async function namedOutputs(
  names: readonly string[],
  { runId, sort }: RunReportOf,
  action: ActionDefinition | undefined,
  storage: RunReportStorage,
): Promise<Result<readonly string[]>> {
  const described = Object.keys(action?.outputs ?? {});
  // All answers of a run are read only for what its action does not describe.
  if (names.every((name) => described.includes(name))) return ok(names);
  const seen = await storage.reportedOutputs({ runId, sort, states: [], search: '' });
  if (!seen.ok) return seen;
  const there = [...new Set([...described, ...seen.value])];
  const strange = names.find((name) => !there.includes(name));
  // Where there is neither an answer nor a description of the action, any name may be one.
  if (strange === undefined || (there.length === 0 && action === undefined)) return ok(names);
  return fail('usage.invalid', `The action has no output "${strange}"`, {
    mend: there.length === 0 ? 'It has none at all.' : `There are ${there.join(', ')}.`,
  });
}

/** The outputs of the answers in a report, in the order of its action. Errors: `storage.*`. */
async function seenOutputs(
  of: RunReportOf,
  action: ActionDefinition | undefined,
  storage: RunReportStorage,
): Promise<Result<readonly string[]>> {
  const seen = await storage.reportedOutputs(of);
  return seen.ok ? ok(sortOutputs(seen.value, action)) : seen;
}

/**
 * A report of a run's answers. Who is in it, and in which order, is settled now; rows are read when they are written.
 *
 * Errors: `run.unknown`, `usage.invalid` for a column that is no output, `storage.*`.
 */
export async function runReport(
  of: RunReportOf,
  wanted: { readonly readers: Readers; readonly isNested: boolean },
  storage: RunReportStorage,
): Promise<Result<Report>> {
  const found = await storage.getRun(of.runId);
  if (!found.ok) return found;
  const described = await storage.getRunAction(of.runId);
  if (!described.ok) return described;
  const reported = await storage.reportedAnswers(of);
  if (!reported.ok) return reported;
  const drawn = isWhole(of) ? await storage.summariseRun(of.runId) : ok([]);
  if (!drawn.ok) return drawn;
  const action = described.value?.action;
  const isAllData = wanted.isNested && of.columns === undefined;
  const chosen = isAllData
    ? ok([])
    : of.columns === undefined
      ? await seenOutputs(of, action, storage)
      : await namedOutputs(of.columns, of, action, storage);
  if (!chosen.ok) return chosen;
  const all = chosen.value;
  const outputs = of.columns === undefined && wanted.readers === 'people' ? all.slice(0, usualOutputs) : all;
  const fields = fieldsOf(isAllData ? [allData] : outputs.map((name) => outputField(name, action)), wanted.readers);
  const cut: readonly ReportNote[] =
    outputs.length < all.length
      ? [{ id: 'outputs', title: 'Outputs', kind: 'text', value: `${outputs.length} of ${all.length}` }]
      : [];
  const { identities, states } = reported.value;
  const run = found.value;
  const { charts, figures } = drawAggregates(drawn.value);
  return ok({
    kind: 'run',
    title: `${run.agent} ${run.action}`,
    mark: `run ${run.runId}`,
    fileStem: `muster-${fileWord(run.agent)}-${fileWord(run.action)}-${run.runId.slice(0, 8)}`,
    notes: [...runNotes(run, of), ...cut],
    columns: fields,
    total: identities.length,
    charts: identities.length === 0 ? charts : [stateChart(states), ...charts],
    figures,
    rows: () =>
      readSlices(identities, async (names) => {
        const read = await storage.answersOf(of.runId, names);
        return read.ok
          ? ok({ rows: read.value.rows.map((result) => rowOf(fields, result)), taken: read.value.taken })
          : read;
      }),
  });
}
