import { z } from 'zod';
import { nodeStates } from '../run/index.ts';
import { ignoredFieldsShape } from './answer-shapes.ts';
import { comparisonKinds } from './comparison-shapes.ts';
import { runIds, runQueryShape } from './history-shapes.ts';
import { faultShape, filterText, idShape, identityShape, sortShape } from './shapes.ts';

/* What is known, written out of the console: see docs/guide/reports.md. */

const count = z.int().nonnegative();
const runId = idShape;

/** The most nodes that can be named one by one. */
const mostNamed = 100_000;
const identities = z.array(identityShape).max(mostNamed).optional();
/** Columns by name, in this order. */
const columns = z.array(z.string().max(310)).max(500).optional();

/** Answers of a run: those in one of `states` (empty = all) that contain `search` and match `filter`, of these nodes if there are names, in this order. */
const runReport = z.object({
  kind: z.literal('run'),
  runId,
  states: z.array(z.enum(nodeStates)),
  search: z.string().max(200),
  filter: filterText.optional(),
  identities,
  sort: sortShape,
  /** Outputs that get a column; all that there are when absent. */
  columns,
});

/** Nodes of the inventory that match, and are among these if there are names. */
const inventoryReport = z.object({
  kind: z.literal('inventory'),
  filter: filterText,
  identities,
  sort: sortShape,
  /** See `muster inventory --columns`; the usual ones when absent. */
  columns,
});

/** What differs between two runs: nodes of these kinds (empty = all) whose names contain `search` and that differ in `field` if there is one, by name. */
const comparisonReport = z.object({
  kind: z.literal('comparison'),
  before: runId,
  after: runId,
  kinds: z.array(z.enum(comparisonKinds)),
  ignore: ignoredFieldsShape,
  field: z.string().max(300).optional(),
  search: z.string().max(200).optional(),
});

/** Runs that are looked for, or these if there are ids; newest first. */
const historyReport = z.object({ kind: z.literal('history'), query: runQueryShape, runIds: runIds.optional() });

/** What a report is of. */
export const reportOfShape = z.discriminatedUnion('kind', [
  runReport,
  inventoryReport,
  comparisonReport,
  historyReport,
]);
export type ReportOf = z.infer<typeof reportOfShape>;

/** In which forms there are reports. `names` is the list of nodes, by state where they have one; `evidence` is of a whole run. */
export const reportFormats = ['csv', 'json', 'ndjson', 'markdown', 'html', 'pdf', 'names', 'evidence'] as const;
export type ReportFormatName = (typeof reportFormats)[number];

/** In which forms rows can be copied. */
export const copyFormats = ['csv', 'markdown', 'json', 'names'] as const;
export type CopyFormatName = (typeof copyFormats)[number];

/** A report that is being written, or was, since the console was opened. */
export const reportJobShape = z.object({
  reportId: z.string(),
  /** Of the file. */
  name: z.string(),
  format: z.enum(reportFormats),
  state: z.enum(['writing', 'ready', 'failed', 'cancelled']),
  /** Rows so far, and of how many; null while nobody knows. */
  rows: count,
  total: count.nullable(),
  /** Null until it is whole. */
  bytes: count.nullable(),
  /** Where it is, or is going to be; null for one that a browser fetches. */
  file: z.string().nullable(),
  fault: faultShape.nullable(),
});
export type ReportJob = z.infer<typeof reportJobShape>;

const reportId = z.object({ reportId: z.string().max(64) });

export const reportEndpoints = {
  /**
   * Begins to write a report; null when the person was asked where to, and has changed their mind. Faults of asking: `run.unknown`, those of
   * the filter, `usage.invalid` for a column that there is not; of writing: in the report.
   */
  'reports.start': {
    params: z.object({ of: reportOfShape, format: z.enum(reportFormats) }),
    result: z.object({ reportId: z.string().nullable() }),
  },
  /** Stops writing; what was written is taken away. */
  'reports.cancel': { params: reportId, result: z.object({}) },
  /**
   * Hands over a report that is ready: a browser gets an address from which it can be fetched once, within a minute; the desktop shows where
   * the file is. Fault: `report.unknown`.
   */
  'reports.fetch': { params: reportId, result: z.object({ address: z.string().nullable() }) },
  /** Forgets a report; a file that a person chose stays. */
  'reports.dismiss': { params: reportId, result: z.object({}) },
  /** Rows as a text. Fault: `report.too_large`. */
  'reports.copy': {
    params: z.object({ of: reportOfShape, format: z.enum(copyFormats) }),
    result: z.object({ text: z.string(), rows: count }),
  },
} as const;

export const reportStreams = {
  /** All reports since the console was opened, the newest first. */
  'reports.changes': { params: z.object({}), item: z.object({ reports: z.array(reportJobShape) }) },
} as const;
