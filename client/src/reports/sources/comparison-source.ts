import {
  codeField,
  comparisonKinds,
  messageField,
  type ComparedNode,
  type ComparedSide,
  type Comparison,
  type ComparisonKind,
  type ReportOf,
  type RunSummary,
} from '@muster/protocol/bridge';
import { MusterError, ok, type Result } from '@muster/protocol/errors';
import type { Comparisons } from '../../comparisons/index.ts';
import type { Report, ReportChart, ReportColumn, ReportNote, ReportRow, ReportTone } from '../report.ts';
import type { Readers } from './run-source.ts';

type ComparisonReportOf = Extract<ReportOf, { kind: 'comparison' }>;

const kindWords: Readonly<Record<ComparisonKind, string>> = {
  state: 'Another state',
  changed: 'Another answer',
  only_before: 'Only in the first run',
  only_after: 'Only in the second run',
  same: 'The same',
};

const kindTones: Readonly<Record<ComparisonKind, ReportTone>> = {
  state: 'bad',
  changed: 'warn',
  only_before: 'idle',
  only_after: 'idle',
  same: 'ok',
};

interface Field extends ReportColumn {
  readonly of: (node: ComparedNode) => unknown;
}

const identity: Field = { id: 'identity', title: 'Node', kind: 'text', of: (node) => node.identity };
const before: Field = {
  id: 'before.state',
  title: 'Before',
  kind: 'state',
  path: ['before', 'state'],
  of: (node) => node.before?.state ?? null,
};
const after: Field = {
  id: 'after.state',
  title: 'After',
  kind: 'state',
  path: ['after', 'state'],
  of: (node) => node.after?.state ?? null,
};

function valueOf(side: ComparedSide, field: string): unknown {
  if (field === messageField) return side.statusMessage;
  if (field === codeField) return side.statusCode;
  return Object.hasOwn(side.data, field) ? side.data[field] : null;
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** What differs, a line for each output. */
function changes({ fields, before: first, after: second }: ComparedNode): string | null {
  if (first === null || second === null || fields.length === 0) return null;
  return fields
    .map((field) => `${field}: ${asText(valueOf(first, field))} → ${asText(valueOf(second, field))}`)
    .join('\n');
}

const forPeople: readonly Field[] = [
  identity,
  { id: 'kind', title: 'Difference', kind: 'text', of: ({ kind }) => kindWords[kind] },
  before,
  after,
  { id: 'changes', title: 'What differs', kind: 'text', of: changes },
];

const sideFields = (name: 'before' | 'after'): readonly Field[] => [
  name === 'before' ? before : after,
  {
    id: `${name}.status_code`,
    title: 'Status',
    kind: 'number',
    path: [name, 'status_code'],
    of: (node) => node[name]?.statusCode ?? null,
  },
  {
    id: `${name}.status_message`,
    title: 'Message',
    kind: 'text',
    path: [name, 'status_message'],
    of: (node) => node[name]?.statusMessage ?? null,
  },
  { id: `${name}.data`, title: 'Data', kind: 'json', path: [name, 'data'], of: (node) => node[name]?.data ?? null },
];

const forPrograms: readonly Field[] = [
  identity,
  { id: 'kind', title: 'Difference', kind: 'text', of: ({ kind }) => kind },
  { id: 'fields', title: 'Outputs', kind: 'names', of: ({ fields }) => fields },
  ...sideFields('before'),
  ...sideFields('after'),
];

const runNotes = (name: 'before' | 'after', title: string, run: RunSummary): readonly ReportNote[] => [
  { id: name, title, kind: 'text', value: run.runId },
  { id: `${name}_started`, title: `${title}, started`, kind: 'time', value: run.startedAtMs },
  { id: `${name}_person`, title: `${title}, asked by`, kind: 'text', value: run.person },
];

function kindChart({ kinds }: Comparison): ReportChart {
  const bars = comparisonKinds
    .filter((kind) => kinds[kind] > 0)
    .map((kind) => ({ label: kindWords[kind], count: kinds[kind], tone: kindTones[kind] }));
  return { title: 'Differences', form: 'share', bars };
}

/** How many outputs are drawn. */
const mostBars = 12;

function fieldChart({ fields }: Comparison): readonly ReportChart[] {
  if (fields.length === 0) return [];
  const bars = fields.slice(0, mostBars).map(({ field, nodes }) => ({ label: field, count: nodes }));
  return [{ title: 'Outputs that differ', form: 'bars', bars }];
}

/** A report of what differs between two runs. Errors: `run.unknown`, `storage.*`. */
export async function comparisonReport(
  of: ComparisonReportOf,
  readers: Readers,
  comparisons: Pick<Comparisons, 'get' | 'nodes' | 'pages'>,
): Promise<Result<Report>> {
  const order = { before: of.before, after: of.after, ignore: of.ignore };
  const found = await comparisons.get(order);
  if (!found.ok) return found;
  const comparison = found.value;
  const narrowed = { kinds: of.kinds, search: of.search ?? '', ...(of.field === undefined ? {} : { field: of.field }) };
  const chosen = await comparisons.nodes({ ...order, ...narrowed, offset: 0, limit: 1 });
  if (!chosen.ok) return chosen;
  const fields = readers === 'people' ? forPeople : forPrograms;
  const { before: first, after: second } = comparison;
  const rowOf = (node: ComparedNode): ReportRow => ({
    identity: node.identity,
    state: node.after?.state ?? node.before?.state ?? null,
    values: fields.map((field) => field.of(node)),
  });
  const limits: readonly ReportNote[] = [
    ...(of.kinds.length === 0
      ? []
      : [
          {
            id: 'kinds',
            title: 'Only',
            kind: 'text',
            value: of.kinds.map((kind) => kindWords[kind]).join(', '),
          } as const,
        ]),
    ...(of.field === undefined
      ? []
      : [{ id: 'field', title: 'Only where this differs', kind: 'text', value: of.field } as const]),
    ...(narrowed.search === ''
      ? []
      : [{ id: 'search', title: 'Only nodes with', kind: 'text', value: narrowed.search } as const]),
    ...(of.ignore.length === 0
      ? []
      : [{ id: 'ignored', title: 'Ignored outputs', kind: 'names', value: of.ignore } as const]),
  ];
  return ok({
    kind: 'comparison',
    title: `${second.agent} ${second.action}, two runs`,
    mark: `${first.runId} and ${second.runId}`,
    fileStem: `muster-comparison-${first.runId.slice(0, 8)}-${second.runId.slice(0, 8)}`,
    notes: [...runNotes('before', 'First run', first), ...runNotes('after', 'Second run', second), ...limits],
    columns: fields,
    total: chosen.value.total,
    charts: [kindChart(comparison), ...fieldChart(comparison)],
    figures: [],
    async *rows() {
      for await (const page of comparisons.pages({ ...order, ...narrowed })) {
        if (!page.ok) throw new MusterError(page.error);
        yield page.value.map(rowOf);
      }
    },
  });
}
