import {
  resultDetailShape,
  runActionShape,
  runSummaryShape,
  type ResultDetail,
  type RunAction,
  type RunSummary,
} from '@muster/protocol/bridge';
import { z } from 'zod';

/** Of the lines of an archived run; grows when their meaning changes. */
const archiveFormat = 1;

/** A run as it stands in an archive. */
export interface ArchivedRun {
  readonly summary: RunSummary;
  /** Null for runs from before that was kept. */
  readonly described: RunAction | null;
  readonly nodes: readonly ResultDetail[];
}

const kindShape = z.object({ kind: z.string() });
const formatShape = z.object({ format: z.int() });
const runLineShape = runSummaryShape.extend({
  runId: z.string().regex(/^[0-9a-f]{32}$/),
  state: z.enum(['finished', 'stopped', 'cancelled', 'failed']),
  finishedAtMs: runSummaryShape.shape.finishedAtMs.unwrap(),
  // Lines of earlier builds do not have it.
  holdUntilMs: z.null().default(null),
  described: runActionShape.nullable(),
});
const nodeLineShape = resultDetailShape.extend({ runId: z.string() });

/** What a line of an archive says, or what is wrong with it. */
export type ArchiveLine =
  | { readonly kind: 'run'; readonly summary: RunSummary; readonly described: RunAction | null }
  | { readonly kind: 'node'; readonly runId: string; readonly node: ResultDetail }
  | { readonly kind: 'damaged'; readonly problem: string };

const damaged = (problem: string): ArchiveLine => ({ kind: 'damaged', problem });

function misfit({ issues: [issue] }: z.ZodError): ArchiveLine {
  return damaged(issue === undefined ? 'it does not fit' : `${issue.path.join('.')}: ${issue.message}`);
}

/** The line about a run that has ended. */
export const writeRunLine = ({ summary, described }: Pick<ArchivedRun, 'summary' | 'described'>): string =>
  JSON.stringify({ kind: 'run', format: archiveFormat, ...summary, described });

/** The line about one of its nodes. */
export const writeNodeLine = (runId: string, node: ResultDetail): string =>
  JSON.stringify({ kind: 'node', runId, ...node });

/** Reads one line of an archive. */
export function readArchiveLine(text: string): ArchiveLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return damaged('it is not JSON');
  }
  const { data: { kind } = { kind: '' } } = kindShape.safeParse(value);
  if (kind === 'node') {
    const read = nodeLineShape.safeParse(value);
    if (!read.success) return misfit(read.error);
    const { runId, ...node } = read.data;
    return { kind, runId, node };
  }
  if (kind !== 'run') return damaged('it is neither a run nor a node');
  const format = formatShape.safeParse(value).data?.format;
  if (format !== archiveFormat)
    return damaged(`its format is ${format ?? 'not said'}, and only ${archiveFormat} is known`);
  const read = runLineShape.safeParse(value);
  if (!read.success) return misfit(read.error);
  const { described, ...summary } = read.data;
  return { kind, summary, described };
}
